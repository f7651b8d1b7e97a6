package dev.graft.distillation.maps;

import dev.graft.layers.Activation;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.layers.Sequential;
import dev.graft.tensor.DType;
import dev.graft.tensor.Tensor;

/**
 * Mean and variance of the teacher's channels given the student's map: three convolutions of one
 * cell, and one variance per channel.
 */
final class VariationalRegressor extends Layer {

  /** Added to the variance. */
  private static final double EPS = 1e-5;

  private final Child regressor;
  private final Tensor logScale;

  /** With random weights and a variance to start from. */
  VariationalRegressor(long in, long out, double variance) {
    Activation.Function relu = Activation.Function.RELU;
    regressor =
        child(
            "regressor",
            new Sequential(
                new Conv2d(Conv2d.Spec.of(in, out, 1)),
                new Activation(relu),
                new Conv2d(Conv2d.Spec.of(out, out, 1)),
                new Activation(relu),
                new Conv2d(Conv2d.Spec.of(out, out, 1))));
    logScale =
        parameter(
            "log_scale", ParameterKind.BIAS, Tensor.full(logScale(variance), DType.FLOAT32, out));
  }

  /** The value from which {@code log(1 + exp(value)) + eps} makes the variance. */
  static double logScale(double variance) {
    return Math.log(Math.expm1(variance - EPS));
  }

  /** The mean, in the teacher's channels. */
  @Override
  protected Tensor forward(Tensor x) {
    return regressor.apply(x);
  }

  /** Half the squared error over the variance plus the logarithm of the variance, mean. */
  Tensor loss(Tensor student, Tensor teacher) {
    Tensor variance = logScale.exp().add(1).log().add(EPS).reshape(1, -1, 1, 1);
    Tensor error = apply(student).sub(teacher).pow(2);
    return error.div(variance).add(variance.log()).mean().mul(0.5);
  }
}
