package dev.graft.distillation;

import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * What a network said about the examples of a batch.
 *
 * @param logits (N, K)
 * @param taps feature maps (N, C, H, W), or features (N, D), in the order of the settings
 */
public record Heard(Tensor logits, List<Tensor> taps) {

  public Heard {
    taps = List.copyOf(taps);
  }

  /** The only tap, or the last. */
  public Tensor last() {
    return taps.get(taps.size() - 1);
  }
}
