package dev.graft.layers;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Pooling over windows of (N, C, H, W); no parameters. */
public final class Pool2d extends Layer {

  private final UnaryOperator<Tensor> operation;

  private Pool2d(UnaryOperator<Tensor> operation) {
    this.operation = operation;
  }

  /** Maximum over square windows. */
  public static Pool2d max(long kernel, long stride, long padding, boolean ceilMode) {
    return new Pool2d(x -> Nn.maxPool2d(x, pair(kernel), pair(stride), pair(padding), ceilMode));
  }

  /** Mean over square windows; zeros of the padding count. */
  public static Pool2d average(long kernel, long stride, long padding) {
    return new Pool2d(x -> Nn.avgPool2d(x, pair(kernel), pair(stride), pair(padding), false, true));
  }

  /** Mean over as many windows as the output has cells. */
  public static Pool2d adaptiveAverage(long height, long width) {
    return new Pool2d(x -> Nn.adaptiveAvgPool2d(x, height, width));
  }

  private static long[] pair(long value) {
    return new long[] {value, value};
  }

  @Override
  protected Tensor forward(Tensor x) {
    return operation.apply(x);
  }
}
