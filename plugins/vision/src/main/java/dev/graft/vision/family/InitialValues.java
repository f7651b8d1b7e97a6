package dev.graft.vision.family;

import dev.graft.layers.Conv2d;
import dev.graft.layers.Initial;
import dev.graft.layers.Linear;
import dev.graft.layers.Module;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.function.Function;

/**
 * Gives a network the initial values of the library it comes from, where they differ from those of
 * the layers. They matter to whoever trains from random weights.
 */
public final class InitialValues {

  private InitialValues() {}

  /** Draws the weights of all convolutions anew, each from its shape. */
  public static void convolutions(Module root, Function<long[], Tensor> weight) {
    draw(root, Conv2d.class, weight);
  }

  /** Draws the weights of all linear layers anew, each from its shape. */
  public static void linears(Module root, Function<long[], Tensor> weight) {
    draw(root, Linear.class, weight);
  }

  /** Sets the biases of the layers of a type to zero. */
  public static void zeroBiases(Module root, Class<? extends Module> type) {
    root.walk(
        "",
        (path, module) -> {
          if (type.isInstance(module) && module.parameters().containsKey("bias")) {
            module.parameters().get("bias").tensor().fillInPlace(0);
          }
        });
  }

  /** As torchvision starts MobileNets and RegNets: linear layers small, all biases zero. */
  static void mobileNet(Module root) {
    linears(root, shape -> Initial.normal(0.01, shape));
    zeroBiases(root, Linear.class);
    zeroBiases(root, Conv2d.class);
  }

  /** As torchvision starts EfficientNet: linear layers by their outputs, all biases zero. */
  static void efficientNet(Module root) {
    linears(root, shape -> Initial.fanIn(shape[0], shape));
    zeroBiases(root, Linear.class);
    zeroBiases(root, Conv2d.class);
  }

  /** As vision transformers start: linear layers with a spread of 0.02, biases zero. */
  static void transformer(Module root) {
    linears(root, shape -> Initial.normal(0.02, shape));
    zeroBiases(root, Linear.class);
  }

  private static void draw(
      Module root, Class<? extends Module> type, Function<long[], Tensor> weight) {
    root.walk(
        "",
        (path, module) -> {
          if (type.isInstance(module)) {
            for (Module.Weight each : module.parameters().values()) {
              if (each.kind() == ParameterKind.WEIGHT) {
                try (Scope scope = Scope.open()) {
                  each.tensor().copyInPlace(weight.apply(each.tensor().shape()));
                }
              }
            }
          }
        });
  }
}
