package dev.graft.vision.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.SharedFolder;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published MobileNets of TensorFlow compute what they computed where they come from. */
class MobileNetParityTest {

  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1_0.25_128-imagenet, 467593",
    "mobilenet_v1_0.5_160-imagenet, 1326633",
    "mobilenet_v2_1.0_224-imagenet, 3489097",
    "mobilenet_v2_1.0_224-inat_bird, 0",
    "mobilenet_v2_1.0_224-inat_insect, 0",
  })
  void computesTheStoredFeaturesAndLogits(String name, long parameters) throws IOException {
    Path folder = SharedFolder.require("models/" + name);
    Weights parity = Weights.open(folder.resolve("parity.safetensors"));
    try (Scope scope = Scope.open();
        Model model = Networks.build(Networks.spec(config(folder)))) {
      if (parameters > 0) {
        assertEquals(parameters, model.parameterCount());
      }
      load(model, Weights.open(folder.resolve("model.safetensors")));
      Tensor pixels = pixels(parity.get("input_u8_nhwc"));
      assertClose(parity.get("features"), Networks.features(model, pixels));
      assertClose(parity.get("logits"), Networks.logits(model, pixels));
    }
  }

  @ParameterizedTest
  @CsvSource({"mobilenet_v1_0.25_128-imagenet, 256", "mobilenet_v2_1.0_224-imagenet, 1280"})
  void takesOtherInputSizes(String name, long features) throws IOException {
    Path folder = SharedFolder.require("models/" + name);
    try (Scope scope = Scope.open();
        Model model = Networks.build(Networks.spec(config(folder)))) {
      Tensor output = Networks.features(model, Tensor.rand(1, 3, 160, 160));
      assertArrayEquals(new long[] {1, features}, output.shape());
      assertEquals(features, model.featureCount());
    }
  }

  @ParameterizedTest
  @CsvSource({"mobilenet_v1_0.25_128-imagenet", "mobilenet_v2_1.0_224-inat_bird"})
  void theTrainableFormHasNormalisationInsteadOfBiases(String name) throws IOException {
    ModelSpec folded = Networks.spec(config(SharedFolder.require("models/" + name)));
    assertTrue(Networks.family(folded).foldedNormalisation(folded));
    ModelSpec spec = Networks.family(folded).trainable(folded);
    try (Scope scope = Scope.open();
        Model published = Networks.build(folded);
        Model model = Networks.build(spec)) {
      for (String parameter : published.parameters().keySet()) {
        String norm = parameter.replaceAll("\\.(weight|bias)$", "_bn.$1");
        boolean head = parameter.startsWith("Logits");
        assertEquals(!head, model.parameters().containsKey(norm), norm);
        assertEquals(
            head || parameter.endsWith("weight"), model.parameters().containsKey(parameter));
      }
      assertEquals(model.groups().size(), published.groups().size());
    }
  }

  private static Map<String, Object> config(Path folder) throws IOException {
    return new ObjectMapper()
        .readValue(folder.resolve("config.json").toFile(), new TypeReference<>() {});
  }

  private static void load(Model model, Weights weights) {
    Map<String, Tensor> state = model.state();
    assertEquals(weights.names(), state.keySet());
    state.forEach((name, tensor) -> tensor.copyInPlace(weights.get(name)));
  }

  /** Bytes (N, H, W, C) to x / 128 - 1, (N, C, H, W). */
  private static Tensor pixels(HostTensor bytes) {
    return Tensor.of(bytes).to(DType.FLOAT32).permute(0, 3, 1, 2).div(128).sub(1).contiguous();
  }

  private static void assertClose(HostTensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    float[] wanted = expected.toFloats();
    float[] got = actual.toFloats();
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]));
      worst = Math.max(worst, Math.abs(wanted[i] - got[i]));
    }
    assertTrue(
        worst <= TOLERANCE * largest,
        "worst %s of largest %s in %s".formatted(worst, largest, Arrays.toString(actual.shape())));
  }
}
