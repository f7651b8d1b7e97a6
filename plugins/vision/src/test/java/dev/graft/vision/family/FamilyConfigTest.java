package dev.graft.vision.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.model.ModelSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations in the forms in which they are published. */
class FamilyConfigTest {

  @ParameterizedTest
  @CsvSource({
    "resnet34, resnet",
    "resnet152, resnet",
    "wide_resnet101_2, resnet",
    "resnext101_64x4d, resnet",
    "vgg19_bn, vgg",
    "densenet201, densenet",
    "googlenet, googlenet",
    "inception_v3, inception_v3",
    "squeezenet1_0, squeezenet",
    "alexnet, alexnet",
  })
  void torchvisionAndPlainNamesMeanTheSame(String name, String family) {
    ModelSpec torchvision =
        Networks.spec(
            Map.of(
                "constructor",
                "torchvision.models." + name,
                "arguments",
                Map.of("num_classes", 7)));
    assertEquals(family, torchvision.family());
    assertEquals(7, torchvision.settings().get("num_labels"));
    assertEquals(torchvision, Networks.spec(Map.of("architecture", name, "num_classes", 7)));
  }

  @Test
  void theClassesAreCountedWhereTheirNumberIsNotGiven() {
    ModelSpec byList =
        Networks.spec(Map.of("model_type", "resnet", "labels", List.of("cat", "dog")));
    ModelSpec byMap =
        Networks.spec(Map.of("model_type", "resnet", "id2label", Map.of("0", "cat", "1", "dog")));
    assertEquals(2, byList.settings().get("num_labels"));
    assertEquals(byList, byMap);
  }

  @Test
  void anUnknownSettingIsRefusedWithWhatExists() {
    String message = refused(Map.of("model_type", "resnet", "dpeth", 50));
    assertTrue(message.contains("dpeth") && message.contains("depth"), message);
  }

  @Test
  void aValueOutOfRangeIsRefusedWithWhatIsAllowed() {
    assertTrue(
        refused(Map.of("model_type", "resnet", "depth", 42)).contains("18, 34, 50, 101 or 152"));
    assertTrue(
        refused(Map.of("model_type", "resnet", "depth", 18, "groups", 32)).contains("depth 50"));
    assertTrue(refused(Map.of("model_type", "resnet_cifar", "depth", 21)).contains("6n + 2"));
    assertTrue(refused(Map.of("model_type", "resnet_cifar", "shortcut", "C")).contains("[A, B]"));
    assertTrue(
        refused(Map.of("model_type", "squeezenet", "parameter_names", "ncnn")).contains("caffe"));
    assertTrue(refused(Map.of("model_type", "vgg", "depth", 12)).contains("11, 13, 16 or 19"));
  }

  @Test
  void aNameThatNoFamilyKnowsIsRefused() {
    String message = refused(Map.of("architecture", "resnet99"));
    assertTrue(message.contains("resnet99") && message.contains("densenet"), message);
  }

  private static String refused(Map<String, Object> config) {
    return assertThrows(IllegalArgumentException.class, () -> Networks.spec(config)).getMessage();
  }
}
