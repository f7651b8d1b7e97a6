package dev.graft.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.train.TinyJobs;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NormFoldingTest {

  @Test
  void saysTheSameWithoutTheNormalisations() {
    long live = Scope.liveTensors();
    RandomState.seed(4);
    try (Model model = new Model(new ModelSpec("tiny", Map.of()), new TinyJobs.TinyNetwork(false));
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      // Statistics and affine parameters far from where they start, so that forgetting one shows.
      model
          .state()
          .forEach(
              (name, tensor) -> {
                if (name.startsWith("bn") && tensor.dtype().isFloating()) {
                  tensor.copyInPlace(Tensor.rand(tensor.shape()).add(0.3));
                }
              });
      NamedTensors input = NamedTensors.of("pixels", Tensor.randn(5, 1, 6, 6));
      float[] before = model.forward(input).get("logits").toFloats();
      assertEquals(1, NormFolding.fold(model, 1));
      assertFalse(model.state().containsKey("bn1.weight"));
      assertTrue(model.state().containsKey("bn2.weight"), "only the first group was asked for");
      assertEquals(1, NormFolding.fold(model, 3));
      assertFalse(model.state().containsKey("bn2.weight"));
      assertArrayEquals(before, model.forward(input).get("logits").toFloats(), 1e-5f);
      assertEquals(0, NormFolding.fold(model, 3));
    }
    assertEquals(live, Scope.liveTensors());
  }
}
