package dev.graft.tensor;

import java.util.List;

/**
 * A whole optimiser step over all parameters in one call: norm of all gradients, clipping, update.
 *
 * <p>32-bit parameters on the CPU go through a C++ kernel where it was built; everything else goes
 * through {@link PlainUpdate}, which defines what a step means. The {@link Outcome} tells which.
 * The kernel writes past autograd: a graph recorded before a step must not be used after it.
 */
public final class OptimizerStep {

  private static final int MAX_STATE = 2;

  private OptimizerStep() {}

  /**
   * A parameter and what its update needs. One without a gradient is left alone.
   *
   * @param parameter what is updated
   * @param state one tensor per {@link UpdateRule#slots()}, made with {@link Tensor#zerosLike()}
   *     before the first update, and updated too
   * @param update number of this update of this parameter, counted from 1
   * @param learningRate step width
   * @param decay weight decay
   */
  public record Entry(
      Tensor parameter, List<Tensor> state, long update, double learningRate, double decay) {}

  /**
   * What a step did.
   *
   * @param gradientNorm Euclidean norm of all gradients together, before clipping
   * @param applied false if the norm is not finite: then nothing has changed
   * @param inKernel whether the C++ kernel did it
   */
  public record Outcome(double gradientNorm, boolean applied, boolean inKernel) {
    Outcome(double gradientNorm, boolean inKernel) {
      this(gradientNorm, Double.isFinite(gradientNorm), inKernel);
    }
  }

  /**
   * Updates the parameters; their gradients stay as they are. A NaN or an infinity in any gradient
   * stops the whole step.
   *
   * @param maxNorm all gradients are scaled down together to this norm, &gt; 0; {@link
   *     Double#POSITIVE_INFINITY} for no clipping
   */
  public static Outcome apply(UpdateRule rule, List<Entry> entries, double maxNorm) {
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException(
          "largest norm %s; use a number above 0, infinity for none".formatted(maxNorm));
    }
    for (Entry entry : entries) {
      check(rule, entry);
    }
    if (Runtime.hasKernels()) {
      double norm = kernel(rule, entries, maxNorm);
      if (!(norm < 0)) {
        return new Outcome(norm, true);
      }
    }
    return new Outcome(new PlainUpdate(rule, maxNorm).apply(entries), false);
  }

  private static void check(UpdateRule rule, Entry entry) {
    if (entry.state().size() != rule.slots().size()) {
      throw new IllegalArgumentException(
          "%d state tensors for %s; it keeps %s"
              .formatted(entry.state().size(), rule, rule.slots()));
    }
    if (entry.update() < 1) {
      throw new IllegalArgumentException(
          "update number %d; the first is 1".formatted(entry.update()));
    }
  }

  /** The norm; negative where the kernel cannot do it, and then nothing has changed. */
  private static double kernel(UpdateRule rule, List<Entry> entries, double maxNorm) {
    int count = entries.size();
    long[] handles = new long[count * (2 + MAX_STATE)];
    long[] updates = new long[count];
    double[] rates = new double[2 * count];
    for (int i = 0; i < count; i++) {
      Entry entry = entries.get(i);
      int at = i * (2 + MAX_STATE);
      handles[at] = entry.parameter().handle().address();
      handles[at + 1] = entry.parameter().gradientSlot();
      for (Tensor state : entry.state()) {
        handles[at++ + 2] = state.handle().address();
      }
      updates[i] = entry.update();
      rates[2 * i] = entry.learningRate();
      rates[2 * i + 1] = entry.decay();
    }
    double[] settings = settings(rule, maxNorm);
    double norm = Kernels.optimizerStep(handles, updates, rates, count, settings);
    for (int tries = 0; norm < 0 && tries < count; tries++) {
      // A gradient laid out unlike its parameter, for example after a change to channels-last.
      if (!alignGradient(entries.get((int) -norm - 1).parameter())) {
        break;
      }
      norm = Kernels.optimizerStep(handles, updates, rates, count, settings);
    }
    return norm;
  }

  /** Copies a gradient into the layout of its parameter; false if that is not what was wrong. */
  private static boolean alignGradient(Tensor parameter) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Tensor gradient = parameter.grad();
      Tensor aligned = parameter.zerosLike();
      if (aligned.hasLayoutOf(gradient) || !aligned.hasLayoutOf(parameter)) {
        return false;
      }
      aligned.copyInPlace(gradient);
      parameter.setGrad(aligned);
      return true;
    }
  }

  private static double[] settings(UpdateRule rule, double maxNorm) {
    if (rule instanceof UpdateRule.Adam adam) {
      double decoupled = adam.decoupled() ? 1 : 0;
      return new double[] {1, decoupled, adam.beta1(), adam.beta2(), adam.eps(), 0, 0, maxNorm};
    }
    UpdateRule.Sgd sgd = (UpdateRule.Sgd) rule;
    double decoupled = sgd.decoupled() ? 1 : 0;
    double nesterov = sgd.nesterov() ? 1 : 0;
    return new double[] {0, decoupled, sgd.momentum(), 0, 0, sgd.dampening(), nesterov, maxNorm};
  }
}
