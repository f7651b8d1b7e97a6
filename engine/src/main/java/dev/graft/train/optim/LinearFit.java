package dev.graft.train.optim;

import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.UnaryOperator;

/**
 * A linear head fitted to fixed features: minimises loss(features · weightᵀ + bias) + ½ · l2 ·
 * ‖weight‖², which has one minimum where the loss is convex. The bias carries no penalty.
 *
 * @param weight (outputs, D)
 * @param bias (outputs)
 * @param solution where the search ended; starts the next one
 */
record LinearFit(HostTensor weight, HostTensor bias, Lbfgs.Solution solution) {

  /**
   * Fits a head.
   *
   * @param features (N, D), FLOAT32 or FLOAT64; the precision of the computation
   * @param outputs number of outputs
   * @param loss a mean over the N rows, as a function of the outputs (N, outputs)
   * @param l2 strength of the penalty, 0 or more
   * @param start solution of a similar problem of the same size, or null
   */
  static LinearFit of(
      Tensor features, int outputs, UnaryOperator<Tensor> loss, double l2, LinearFit start) {
    int size = Math.toIntExact(features.size(1));
    double[] x = start == null ? new double[outputs * (size + 1)] : start.solution.x();
    boolean single = features.dtype() == DType.FLOAT32;
    Lbfgs.Solution solution =
        Lbfgs.minimise(
            (point, gradient) -> evaluate(features, outputs, loss, l2, point, gradient),
            x,
            single ? Lbfgs.Limits.SINGLE : Lbfgs.Limits.DOUBLE);
    double[] found = solution.x();
    return new LinearFit(
        host(found, 0, outputs, size), host(found, outputs * size, outputs), solution);
  }

  private static double evaluate(
      Tensor features,
      int outputs,
      UnaryOperator<Tensor> loss,
      double l2,
      double[] point,
      double[] gradient) {
    long size = features.size(1);
    int weights = Math.toIntExact(outputs * size);
    try (Autograd on = Autograd.on();
        Scope scope = Scope.open()) {
      Tensor weight = leaf(host(point, 0, outputs, size), features);
      Tensor bias = leaf(host(point, weights, outputs), features);
      Tensor mean = loss.apply(Nn.linear(features, weight, bias));
      mean.backward();
      read(weight.grad().toHost(), gradient, 0);
      read(bias.grad().toHost(), gradient, weights);
      double penalty = 0;
      for (int i = 0; i < weights; i++) {
        penalty += point[i] * point[i];
        gradient[i] += l2 * point[i];
      }
      return mean.item() + l2 / 2 * penalty;
    }
  }

  private static Tensor leaf(HostTensor values, Tensor like) {
    Tensor leaf = Tensor.of(values).to(like.dtype()).to(like.device());
    leaf.setRequiresGrad(true);
    return leaf;
  }

  private static HostTensor host(double[] values, int from, long... shape) {
    int count = 1;
    for (long size : shape) {
      count = Math.toIntExact(count * size);
    }
    ByteBuffer buffer = ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asDoubleBuffer().put(values, from, count);
    return new HostTensor(DType.FLOAT64, shape, buffer);
  }

  private static void read(HostTensor from, double[] to, int start) {
    for (int i = 0; i < from.count(); i++) {
      to[start + i] = from.get(i);
    }
  }
}
