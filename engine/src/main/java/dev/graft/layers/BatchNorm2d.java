package dev.graft.layers;

import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * Batch normalisation of (N, C, H, W) or (N, C). In training mode it uses the batch's statistics
 * and moves the running ones; in evaluation mode it uses the running ones.
 */
public final class BatchNorm2d extends Layer {

  /** What PyTorch uses unless told otherwise. */
  public static final double DEFAULT_EPS = 1e-5;

  private final double eps;
  private double momentum;
  private final Activation.Function then;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor runningMean;
  private final Tensor runningVar;
  private final Tensor batches;

  /** A normalisation of {@code channels} channels; the running statistics move by momentum. */
  public BatchNorm2d(long channels, double eps, double momentum) {
    this(channels, eps, momentum, Activation.Function.IDENTITY);
  }

  /** A normalisation that applies an activation to its output, as some libraries join the two. */
  public BatchNorm2d(long channels, double eps, double momentum, Activation.Function then) {
    this.eps = eps;
    this.momentum = momentum;
    this.then = then;
    weight = parameter("weight", ParameterKind.NORM_WEIGHT, Tensor.ones(channels));
    bias = parameter("bias", ParameterKind.NORM_BIAS, Tensor.zeros(channels));
    runningMean = buffer("running_mean", Tensor.zeros(channels));
    runningVar = buffer("running_var", Tensor.ones(channels));
    batches = buffer("num_batches_tracked", Tensor.zeros(DType.INT64));
  }

  /** A normalisation with PyTorch's defaults: eps 1e-5, momentum 0.1. */
  public BatchNorm2d(long channels) {
    this(channels, DEFAULT_EPS, 0.1);
  }

  /** C. */
  public long channels() {
    return weight.count();
  }

  /** Small number added to the variance, no unit. */
  public double eps() {
    return eps;
  }

  /** What is applied to the normalised values; mostly nothing. */
  public Activation.Function then() {
    return then;
  }

  /** The share that the newest batch has in the running statistics, in [0, 1]. */
  public double momentum() {
    return momentum;
  }

  /** Sets the share of the newest batch; 1 takes its statistics as they are. */
  public void setMomentum(double value) {
    momentum = value;
  }

  @Override
  protected Tensor forward(Tensor x) {
    if (training()) {
      batches.addInPlace(1);
    }
    return then.overwrite(
        Nn.batchNorm(x, weight, bias, runningMean, runningVar, training(), momentum, eps));
  }
}
