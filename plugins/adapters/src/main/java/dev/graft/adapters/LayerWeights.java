package dev.graft.adapters;

import dev.graft.tensor.Tensor;

/**
 * What a layer computes with.
 *
 * @param weight in the layer's own shape; null where the layer has none
 * @param bias one value per output, or null
 */
public record LayerWeights(Tensor weight, Tensor bias) {

  /** With another weight. */
  public LayerWeights withWeight(Tensor value) {
    return new LayerWeights(value, bias);
  }
}
