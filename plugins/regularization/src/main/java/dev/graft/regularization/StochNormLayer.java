package dev.graft.regularization;

import dev.graft.layers.Activation;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * A batch normalisation of (N, C, H, W) or (N, C) that in training takes for each channel the
 * batch's statistics with probability p, else the running ones from before the batch. The running
 * statistics move as usual. In evaluation it is the plain normalisation.
 */
final class StochNormLayer extends Layer {

  private final double p;
  private final double eps;
  private final double momentum;
  private final Activation.Function then;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor runningMean;
  private final Tensor runningVar;
  private final Tensor batches;

  /** Copies what another normalisation has. */
  StochNormLayer(BatchNorm2d norm, double p) {
    this.p = p;
    eps = norm.eps();
    momentum = norm.momentum();
    then = norm.then();
    var own = norm.parameters();
    weight = parameter("weight", ParameterKind.NORM_WEIGHT, own.get("weight").tensor().copy());
    bias = parameter("bias", ParameterKind.NORM_BIAS, own.get("bias").tensor().copy());
    runningMean = buffer("running_mean", norm.buffers().get("running_mean").copy());
    runningVar = buffer("running_var", norm.buffers().get("running_var").copy());
    batches = buffer("num_batches_tracked", norm.buffers().get("num_batches_tracked").copy());
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor normal =
        training()
            ? mixed(x, Tensor.rand(weight.count()).lt(p))
            : Nn.batchNorm(x, weight, bias, runningMean, runningVar, false, momentum, eps);
    return then.apply(normal);
  }

  /** The training pass with a given choice, (C): true takes the batch's statistics. */
  Tensor mixed(Tensor x, Tensor choice) {
    batches.addInPlace(1);
    // The first pass reads the running statistics, the second moves them. The gradient of the first
    // then divides by the moved variance, as that of the published code does.
    Tensor before = Nn.batchNorm(x, weight, bias, runningMean, runningVar, false, momentum, eps);
    Tensor batch = Nn.batchNorm(x, weight, bias, runningMean, runningVar, true, momentum, eps);
    long[] channels = new long[x.dim()];
    java.util.Arrays.fill(channels, 1);
    channels[1] = weight.count();
    return Tensor.where(choice.reshape(channels), batch, before);
  }
}
