package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.layers.Activation;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.Reshape;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrozenPrefixTest {

  /** A normalisation may end with an activation; folding it away must leave that. */
  @Test
  void foldingKeepsTheActivationOfANormalisation() {
    RandomState.seed(3);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Model model = model();
        FrozenPrefix prefix = new FrozenPrefix(model, model(), 1, DType.FLOAT32)) {
      NamedTensors pixels = NamedTensors.of("pixels", Tensor.randn(2, 3, 5, 5));
      float[] expected = model.forward(pixels, 0, 1).get("features").toFloats();
      assertArrayEquals(expected, prefix.apply(pixels).get("features").toFloats(), 1e-5f);
      for (float value : expected) {
        assertTrue(value >= 0, "the activation cuts off what is negative");
      }
    }
  }

  private static Model model() {
    Model model = new Model(new ModelSpec("joined", Map.of()), new Joined());
    model
        .state()
        .forEach(
            (name, tensor) -> {
              if (tensor.dtype() == DType.FLOAT32) {
                double shift = name.endsWith("running_var") ? 0.5 : -0.5;
                tensor.copyInPlace(Tensor.rand(tensor.shape()).add(shift));
              }
            });
    return model;
  }

  private static final class Joined extends Network {

    private final Child conv = child("conv", new Conv2d(Conv2d.Spec.of(3, 4, 3)));
    private final Child norm =
        child("norm", new BatchNorm2d(4, 1e-5, 0.1, Activation.Function.RELU));
    private final Child flat = child("flat", Reshape.flatten());
    private final Child head = child("head", new Linear(36, 2));

    @Override
    public List<Group> groups() {
      return List.of(
          Group.unary(
              "body",
              List.of("conv", "norm", "flat"),
              new Group.Edge("pixels", "features"),
              x -> flat.apply(norm.apply(conv.apply(x)))),
          Group.unary("head", List.of("head"), Group.Edge.HEAD, head::apply));
    }

    @Override
    public String headPath() {
      return "head";
    }

    @Override
    public long featureCount() {
      return 36;
    }

    @Override
    public void replaceHead(Layer other) {
      head.replace(other);
    }
  }
}
