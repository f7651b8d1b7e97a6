package dev.graft.distillation.relations;

import dev.graft.distillation.Compare;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** Losses between the relations of examples in a batch, as pure functions; rows are (N, D). */
final class RelationLosses {

  /** Smallest squared distance, so that its root has a gradient where rows are equal. */
  private static final double SMALL = 1e-12;

  private static final double SMALL_PROBABILITY = 1e-7;

  private RelationLosses() {}

  /** Smooth L1 difference of distances between rows, each over their mean. */
  static Tensor distances(Tensor student, Tensor teacher) {
    return student.size(0) < 2 ? none(student) : smoothL1(relative(student), relative(teacher));
  }

  private static Tensor relative(Tensor rows) {
    Tensor squares = rows.mul(rows).sum(false, 1);
    Tensor between =
        squares.unsqueeze(1).add(squares.unsqueeze(0)).sub(Compare.products(rows).mul(2));
    Tensor apart = Tensor.eye(rows.size(0)).to(rows.dtype()).neg().add(1);
    Tensor distances = between.clamp(SMALL, Double.POSITIVE_INFINITY).sqrt().mul(apart);
    return distances.mul(apart.sum()).div(distances.sum());
  }

  /** Smooth L1 difference of the cosines of all angles that three rows make. */
  static Tensor angles(Tensor student, Tensor teacher) {
    return smoothL1(cosines(student), cosines(teacher));
  }

  private static Tensor cosines(Tensor rows) {
    Tensor edges = Compare.unit(rows.unsqueeze(0).sub(rows.unsqueeze(1)), 2);
    return edges.matmul(edges.transpose(1, 2));
  }

  /** What one example alone has to be compared with. */
  private static Tensor none(Tensor student) {
    return student.sum().mul(0);
  }

  /** Mean of d² / 2 below 1 and d − 1/2 from there on. */
  private static Tensor smoothL1(Tensor a, Tensor b) {
    Tensor d = a.sub(b).abs();
    Tensor inner = d.clamp(0, 1);
    return inner.pow(2).mul(0.5).add(d.sub(inner)).mean();
  }

  /** Squared difference of similarity matrices whose rows have length 1, over N². */
  static Tensor similarity(Tensor student, Tensor teacher) {
    Tensor ours = Compare.unit(Compare.products(student.flatten(1)), 1);
    Tensor theirs = Compare.unit(Compare.products(teacher.flatten(1)), 1);
    return Nn.mseLoss(ours, theirs);
  }

  /** Divergence of the distributions over neighbours that cosines give, mean over all pairs. */
  static Tensor neighbours(Tensor student, Tensor teacher) {
    Tensor ours = probabilities(student).add(SMALL_PROBABILITY);
    Tensor theirs = probabilities(teacher);
    return theirs.mul(theirs.add(SMALL_PROBABILITY).div(ours).log()).mean();
  }

  /** Row i: how likely j is its neighbour, from cosines moved to [0, 1], (N, N). */
  private static Tensor probabilities(Tensor rows) {
    Tensor similar = Compare.products(Compare.unit(rows, 1)).add(1).div(2);
    return similar.div(similar.sum(true, 1));
  }

  /** Mean over i of the product of absolute differences at examples i and i + 1. */
  static Tensor congruence(Tensor student, Tensor teacher) {
    long rows = student.size(0);
    if (rows < 2) {
      return none(student);
    }
    Tensor apart = student.sub(teacher).abs();
    return apart.narrow(0, 0, rows - 1).mul(apart.narrow(0, 1, rows - 1)).sum(false, 1).mean();
  }

  /**
   * Tells each example's own pair from K others by noise-contrastive estimation.
   *
   * @param scores (N, K + 1), exp(similarity / T) over a constant, the pair first
   * @param examples number of examples that others are drawn from
   */
  static Tensor contrast(Tensor scores, int examples) {
    long others = scores.size(1) - 1;
    double noise = others / (double) examples;
    Tensor own = scores.narrow(1, 0, 1);
    Tensor rest = scores.narrow(1, 1, others);
    Tensor found = own.div(own.add(noise + SMALL_PROBABILITY)).log().sum();
    Tensor refused = rest.add(noise + SMALL_PROBABILITY).log().neg().add(Math.log(noise)).sum();
    return found.add(refused).neg().div((double) scores.size(0));
  }
}
