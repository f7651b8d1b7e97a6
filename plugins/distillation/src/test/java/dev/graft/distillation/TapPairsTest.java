package dev.graft.distillation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which modules are compared where nobody names any. */
class TapPairsTest {

  private static final Registry REGISTRY = Registry.load(TapPairsTest.class.getClassLoader());

  private static Model model(Map<String, Object> config) {
    ModelSpec spec = REGISTRY.modelSpec(config);
    return new Model(spec, REGISTRY.get(ModelFamily.class, spec.family()).build(spec));
  }

  private static Model cifar(int depth) {
    return model(Map.of("model_type", "resnet_cifar", "depth", depth));
  }

  @Test
  void stagesOfTwoDepthsMeetAtTheirEnds() {
    try (Model student = cifar(8);
        Model teacher = cifar(20)) {
      List<String> stages = List.of("layer1", "layer2", "layer3");
      assertEquals(new TapPairs(stages, stages), TapPairs.of(Looks.MAPS, student, teacher));
      List<String> last = List.of("layer3");
      assertEquals(new TapPairs(last, last), TapPairs.of(Looks.LAST_MAP, student, teacher));
      List<String> middle = List.of("layer2");
      assertEquals(new TapPairs(middle, middle), TapPairs.of(Looks.MIDDLE_MAP, student, teacher));
      assertEquals(List.of("features"), TapPairs.of(Looks.FEATURES, student, teacher).student());
    }
  }

  @Test
  void familiesOfDifferentLengthsMeetAtEqualRelativeDepth() {
    Map<String, Object> mobile =
        Map.of(
            "model_type", "mobilenet_v2",
            "depth_multiplier", 0.25,
            "num_labels", 10,
            "normalisation", "batch_norm",
            "parameter_names", "torchvision");
    try (Model student = model(mobile);
        Model teacher = cifar(20)) {
      TapPairs pairs = TapPairs.of(Looks.MAPS, student, teacher);
      assertEquals(pairs.student().size(), pairs.teacher().size());
      assertTrue(pairs.student().size() >= 3, pairs.toString());
      assertEquals("layer3", pairs.teacher().get(pairs.teacher().size() - 1));
      List<String> order = List.copyOf(student.modules().keySet());
      for (int i = 1; i < pairs.student().size(); i++) {
        String before = pairs.student().get(i - 1);
        assertTrue(order.indexOf(before) < order.indexOf(pairs.student().get(i)));
      }
    }
  }
}
