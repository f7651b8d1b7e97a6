package dev.graft.tensor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A whole optimiser step over all parameters in one call: norm of all gradients, clipping, update.
 *
 * <p>32-bit parameters on the CPU go through a C++ kernel where it was built; everything else goes
 * through {@link PlainUpdate}, which defines what a step means. {@link #isNative()} tells which.
 * The kernel writes past autograd: a graph recorded before a step must not be used after it.
 *
 * <p>Keeps a reference to the parameters, which must stay open, and owns its state until {@link
 * #close()}. One thread at a time.
 */
public final class FusedOptimizer implements AutoCloseable {

  private static final Logger LOG = System.getLogger(FusedOptimizer.class.getName());

  private static final int SLOTS = 2;

  private final List<Tensor> parameters;
  private final List<String> slots;
  private final List<List<Tensor>> state;
  private final long[] steps;
  private final long[] handles;
  private boolean isNative;
  private boolean closed;

  private FusedOptimizer(UpdateRule rule, List<Tensor> parameters) {
    this.parameters = List.copyOf(parameters);
    this.slots = rule.slots();
    this.steps = new long[parameters.size()];
    this.isNative = Runtime.hasKernels() && parameters.stream().allMatch(FusedOptimizer::fits);
    this.state = parameters.stream().map(p -> zerosPerSlot(p, slots.size())).toList();
    this.handles = handles();
  }

  /** An optimiser with state of zeros for the given parameters. */
  public static FusedOptimizer create(UpdateRule rule, List<Tensor> parameters) {
    return new FusedOptimizer(rule, parameters);
  }

  private static boolean fits(Tensor parameter) {
    return parameter.dtype() == DType.FLOAT32 && parameter.device().equals(Device.CPU);
  }

  private static List<Tensor> zerosPerSlot(Tensor parameter, int slots) {
    List<Tensor> zeros = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      zeros.add(Scope.release(parameter.zerosLike()));
    }
    return zeros;
  }

  /**
   * What a step did.
   *
   * @param gradientNorm Euclidean norm of all gradients together, before clipping
   * @param applied false if the norm was not finite: then nothing has changed
   */
  public record Outcome(double gradientNorm, boolean applied) {
    Outcome(double gradientNorm) {
      this(gradientNorm, Double.isFinite(gradientNorm));
    }
  }

  /**
   * Updates every parameter that has a gradient; the gradients stay as they are. A gradient with a
   * NaN or an infinity anywhere stops the whole step.
   *
   * @param rule of the kind given to {@link #create}
   * @param learningRate one per parameter
   * @param decay weight decay, one per parameter
   * @param maxNorm all gradients are scaled down together to this norm; {@link
   *     Double#POSITIVE_INFINITY} for no clipping
   */
  public Outcome step(UpdateRule rule, double[] learningRate, double[] decay, double maxNorm) {
    check(rule, learningRate, decay, maxNorm);
    if (isNative) {
      return nativeStep(rule, learningRate, decay, maxNorm);
    }
    return new Outcome(new PlainUpdate(this, rule, maxNorm).apply(learningRate, decay));
  }

  private void check(UpdateRule rule, double[] learningRate, double[] decay, double maxNorm) {
    if (closed || parameters.stream().anyMatch(Tensor::isClosed)) {
      throw new IllegalStateException(
          "step of an optimiser that is closed, or whose parameters are; keep both open");
    }
    if (!rule.slots().equals(slots)) {
      throw new IllegalArgumentException(
          "%s keeps %s, but the state is %s; create another optimiser for it"
              .formatted(rule, rule.slots(), slots));
    }
    if (learningRate.length != parameters.size() || decay.length != parameters.size()) {
      throw new IllegalArgumentException(
          "%d learning rates and %d decays for %d parameters; give one each"
              .formatted(learningRate.length, decay.length, parameters.size()));
    }
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException(
          "largest norm %s; use a number above 0, infinity for none".formatted(maxNorm));
    }
  }

  private Outcome nativeStep(
      UpdateRule rule, double[] learningRate, double[] decay, double maxNorm) {
    double[] settings = settings(rule, maxNorm);
    double[] rates = new double[2 * parameters.size()];
    for (int i = 0; i < parameters.size(); i++) {
      rates[2 * i] = learningRate[i];
      rates[2 * i + 1] = decay[i];
    }
    double result = Kernels.optimizerStep(handles, steps, rates, parameters.size(), settings);
    for (int tries = 0; result < 0 && tries < parameters.size(); tries++) {
      // A gradient laid out unlike its parameter, for example after a change to channels-last.
      int odd = (int) -result - 1;
      if (!alignGradient(parameters.get(odd))) {
        LOG.log(
            Level.WARNING,
            "parameter {0} has gaps or overlaps in memory; this optimiser goes on without the"
                + " kernel",
            odd);
        isNative = false;
        return step(rule, learningRate, decay, maxNorm);
      }
      result = Kernels.optimizerStep(handles, steps, rates, parameters.size(), settings);
    }
    return new Outcome(result);
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
      double kind = adam.decoupled() ? 2 : 1;
      return new double[] {kind, adam.beta1(), adam.beta2(), adam.eps(), 0, 0, maxNorm};
    }
    UpdateRule.Sgd sgd = (UpdateRule.Sgd) rule;
    double nesterov = sgd.nesterov() ? 1 : 0;
    return new double[] {0, sgd.momentum(), 0, 0, sgd.dampening(), nesterov, maxNorm};
  }

  /** Addresses of LibTorch's tensors, which stay as long as ours are open. */
  private long[] handles() {
    long[] addresses = new long[parameters.size() * (2 + SLOTS)];
    for (int i = 0; i < parameters.size(); i++) {
      int at = i * (2 + SLOTS);
      addresses[at] = parameters.get(i).handle().address();
      addresses[at + 1] = parameters.get(i).gradientSlot();
      for (int slot = 0; slot < slots.size(); slot++) {
        addresses[at + 2 + slot] = state.get(i).get(slot).handle().address();
      }
    }
    return addresses;
  }

  /** True if the C++ kernel does the steps. */
  public boolean isNative() {
    return isNative;
  }

  /** The parameters, in the order of {@link #create}. */
  public List<Tensor> parameters() {
    return parameters;
  }

  /** The state tensor of a parameter in a slot of {@link UpdateRule#slots()}; write to restore. */
  public Tensor state(int parameter, String slot) {
    int index = slots.indexOf(slot);
    if (index < 0) {
      throw new IllegalArgumentException("no state named '%s'; there is %s".formatted(slot, slots));
    }
    return state.get(parameter).get(index);
  }

  /** Updates a parameter has had. */
  public long steps(int parameter) {
    return steps[parameter];
  }

  /** Sets the number of updates a parameter has had, to restore. */
  public void setSteps(int parameter, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("%d updates; use 0 or more".formatted(value));
    }
    steps[parameter] = value;
  }

  /** Frees the state; the parameters stay. */
  @Override
  public void close() {
    closed = true;
    state.forEach(tensors -> tensors.forEach(Tensor::close));
  }

  @Override
  public String toString() {
    return "%d parameters, state %s, %s, updates %s"
        .formatted(
            parameters.size(),
            slots,
            isNative ? "native" : "plain",
            Arrays.stream(steps).max().orElse(0));
  }
}
