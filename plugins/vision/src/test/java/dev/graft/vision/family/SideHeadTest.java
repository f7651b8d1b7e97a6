package dev.graft.vision.family;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.layers.Linear;
import dev.graft.model.Model;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Side heads help to train the published classes and are silent otherwise. */
class SideHeadTest {

  @Test
  void theyComputeInTrainingModeUntilTheHeadIsReplaced() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Model model = Networks.torchvision("googlenet", Map.of("num_classes", 4))) {
      assertEquals(Set.of("logits"), outputs(model));
      model.network().setTrainingAll(true);
      assertEquals(Set.of("logits", "aux_logits1", "aux_logits2"), outputs(model));
      model.replaceHead(new Linear(model.featureCount(), 9));
      model.network().setTrainingAll(true);
      assertEquals(Set.of("logits"), outputs(model));
    }
  }

  private static Set<String> outputs(Model model) {
    NamedTensors pixels = NamedTensors.of("pixels", Tensor.rand(2, 3, 64, 64));
    return Set.copyOf(model.forward(pixels).names());
  }
}
