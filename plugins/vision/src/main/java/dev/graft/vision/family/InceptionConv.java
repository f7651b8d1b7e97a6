package dev.graft.vision.family;

import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** Convolution, normalisation with eps 0.001, ReLU: the unit of the inception networks. */
final class InceptionConv extends Layer {

  private final Child conv;
  private final Child norm;

  InceptionConv(Conv2d.Spec spec) {
    conv = child("conv", new Conv2d(spec));
    norm = child("bn", new BatchNorm2d(spec.out(), 1e-3, 0.1));
  }

  /**
   * Brings pixels from ImageNet's mean and deviation per channel to mean and deviation 0.5, on
   * which the first published weights were trained.
   */
  static Tensor halfScaled(Tensor pixels) {
    Tensor scale = Tensor.of(new float[] {0.229f / 0.5f, 0.224f / 0.5f, 0.225f / 0.5f}, 1, 3, 1, 1);
    Tensor shift =
        Tensor.of(
            new float[] {(0.485f - 0.5f) / 0.5f, (0.456f - 0.5f) / 0.5f, (0.406f - 0.5f) / 0.5f},
            1,
            3,
            1,
            1);
    return pixels.mul(scale.to(pixels.device())).add(shift.to(pixels.device()));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Nn.relu(norm.apply(conv.apply(x)));
  }
}
