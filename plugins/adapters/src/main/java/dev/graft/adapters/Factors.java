package dev.graft.adapters;

import dev.graft.tensor.Tensor;
import java.util.function.BiFunction;

/**
 * The two factors of a low-rank adapter: ΔW = scale · up · down in each of g blocks of channels.
 *
 * @param up (g, rows / g, r)
 * @param down (g, r, columns)
 * @param scale factor on their product
 * @param again makes an adapter of the same layer with other factors, up first, and scale 1
 */
public record Factors(
    Tensor up, Tensor down, double scale, BiFunction<Tensor, Tensor, Adapter> again) {

  /** r. */
  public long rank() {
    return up.size(2);
  }
}
