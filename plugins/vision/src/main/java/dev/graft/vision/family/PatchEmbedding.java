package dev.graft.vision.family;

import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.tensor.Tensor;

/** Projects square patches: (N, C, H, W) to (N, patches, D), patches row by row. */
final class PatchEmbedding extends Layer {

  private final Child projection;

  /** A projection under the given name. */
  PatchEmbedding(String name, Conv2d convolution) {
    projection = child(name, convolution);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return tokens(projection.apply(x));
  }

  /** (N, D, h, w) to (N, h w, D). */
  static Tensor tokens(Tensor map) {
    return map.flatten(2).transpose(1, 2);
  }
}
