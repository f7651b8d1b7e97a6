package dev.graft.distillation.logits;

import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** Losses between the logits (N, K) of a student and a teacher, as pure functions. */
final class LogitLosses {

  /** What a row is scaled by is at least this, so that a row of equal logits becomes zeros. */
  private static final double SMALL = 1e-7;

  private LogitLosses() {}

  /**
   * Divergence of the student's softened classes from the teacher's, summed over classes, mean over
   * the batch, times T² so that its gradient keeps its size when T changes (Hinton et al. 2015).
   */
  static Tensor kd(Tensor student, Tensor teacher, double temperature) {
    return divergence(student, teacher, temperature).mean().mul(temperature * temperature);
  }

  /** KL(softmax(teacher / T) ‖ softmax(student / T)) of each row, (N). */
  private static Tensor divergence(Tensor student, Tensor teacher, double temperature) {
    Tensor ours = Nn.logSoftmax(student.div(temperature), 1);
    Tensor theirs = Nn.logSoftmax(teacher.div(temperature), 1);
    return theirs.exp().mul(theirs.sub(ours)).sum(false, 1);
  }

  /**
   * The two parts that KD is made of: T² × mean divergence of target class against all others, and
   * T² × mean divergence among the other classes (Zhao et al. 2022).
   *
   * @param target (N)
   * @param others (N)
   */
  record Decoupled(Tensor target, Tensor others) {

    /** α × the first + β × the second, mean over the batch. */
    Tensor weighted(double alpha, double beta) {
      return target.mean().mul(alpha).add(others.mean().mul(beta));
    }
  }

  /**
   * The decoupled parts of each row.
   *
   * <p>The target's column is left out rather than masked by a large number, and the probability of
   * all others is a difference of logarithms: nothing overflows in 16 bits and no logarithm of zero
   * is taken where the target's probability is 1.
   *
   * @param labels (N), INT64
   */
  static Decoupled decoupled(Tensor student, Tensor teacher, Tensor labels, double temperature) {
    Tensor ours = student.div(temperature);
    Tensor theirs = teacher.div(temperature);
    Tensor target = labels.unsqueeze(1);
    Tensor rest = otherColumns(labels, student.size(1));
    Tensor ourOthers = ours.gather(1, rest);
    Tensor theirOthers = theirs.gather(1, rest);
    Tensor ourPair = logTargetAndRest(ours, ourOthers, target);
    Tensor theirPair = logTargetAndRest(theirs, theirOthers, target);
    double scale = temperature * temperature;
    return new Decoupled(
        theirPair.exp().mul(theirPair.sub(ourPair)).sum(false, 1).mul(scale),
        divergence(ourOthers, theirOthers, 1).mul(scale));
  }

  /** For each row the columns that are not its label, (N, K - 1). */
  private static Tensor otherColumns(Tensor labels, long classes) {
    Tensor columns = Tensor.arange(classes - 1).unsqueeze(0);
    Tensor behind = columns.sub(labels.unsqueeze(1)).gt(-0.5).to(DType.INT64);
    return columns.add(behind);
  }

  /** Logarithms of the probability of the target and of all others together, (N, 2). */
  private static Tensor logTargetAndRest(Tensor logits, Tensor others, Tensor target) {
    Tensor all = logSum(logits);
    return Tensor.cat(
        java.util.List.of(logits.gather(1, target).sub(all), logSum(others).sub(all)), 1);
  }

  /** Logarithm of the sum of exponentials of each row, (N, 1). */
  private static Tensor logSum(Tensor logits) {
    return logits.narrow(1, 0, 1).sub(Nn.logSoftmax(logits, 1).narrow(1, 0, 1));
  }

  /** Each row less its mean, over its standard deviation (Sun et al. 2024). */
  static Tensor standardised(Tensor logits) {
    Tensor centred = logits.sub(logits.mean(true, 1));
    Tensor variance = logits.var(/* unbiased= */ true, /* keepDim= */ true, 1);
    return centred.div(variance.clamp(SMALL * SMALL, Double.POSITIVE_INFINITY).sqrt().add(SMALL));
  }
}
