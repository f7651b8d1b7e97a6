package dev.graft.layers;

import dev.graft.tensor.Tensor;
import java.util.function.UnaryOperator;

/** A layer without parameters that only rearranges, reduces or combines elements. */
public final class Reshape extends Layer {

  private final UnaryOperator<Tensor> operation;

  /** A layer that applies the operation. */
  public Reshape(UnaryOperator<Tensor> operation) {
    this.operation = operation;
  }

  /** Joins all dimensions after the first: (N, …) to (N, D). */
  public static Reshape flatten() {
    return new Reshape(x -> x.flatten(1));
  }

  /** Mean over height and width: (N, C, H, W) to (N, C). */
  public static Reshape globalAverage() {
    return new Reshape(x -> x.mean(false, 2, 3));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return operation.apply(x);
  }
}
