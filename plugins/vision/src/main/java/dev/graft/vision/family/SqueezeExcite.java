package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.Pool2d;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Scales each channel by a gate that depends on the means of all channels: (N, C, H, W) to the same
 * shape. Hu et al., "Squeeze-and-Excitation Networks", 2018.
 */
final class SqueezeExcite extends Layer {

  /**
   * What differs between networks.
   *
   * @param inner activation between the two convolutions
   * @param gate function that yields the factors
   * @param names of the pool, the first convolution, the activation, the second convolution and the
   *     gate
   */
  record Style(Function inner, Function gate, List<String> names) {

    /** With torchvision's names. */
    static Style torchvision(Function inner, Function gate) {
      return new Style(
          inner, gate, List.of("avgpool", "fc1", "activation", "fc2", "scale_activation"));
    }

    /** With timm's names; it has no module for the pool. */
    static Style timm(Function inner, Function gate) {
      return new Style(inner, gate, List.of("pool", "conv_reduce", "act1", "conv_expand", "gate"));
    }
  }

  private final List<Child> chain = new ArrayList<>();

  /** Gates for {@code channels} channels, computed from {@code squeezed} hidden ones. */
  SqueezeExcite(long channels, long squeezed, Style style) {
    List<Layer> layers =
        List.of(
            Pool2d.adaptiveAverage(1, 1),
            new Conv2d(Conv2d.Spec.of(channels, squeezed, 1).bias(true)),
            new Activation(style.inner()),
            new Conv2d(Conv2d.Spec.of(squeezed, channels, 1).bias(true)),
            new Activation(style.gate()));
    for (int i = 0; i < layers.size(); i++) {
      chain.add(child(style.names().get(i), layers.get(i)));
    }
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor scale = x;
    for (Child child : chain) {
      scale = child.apply(scale);
    }
    return x.mul(scale);
  }
}
