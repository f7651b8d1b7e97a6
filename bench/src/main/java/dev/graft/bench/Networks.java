package dev.graft.bench;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The network that every library trains: torchvision's ResNet-18, random weights, ten classes. */
public final class Networks {

  /** Classes of the task. */
  public static final int CLASSES = 10;

  /** Number of parameters; a peer's network must have as many. */
  public static final long PARAMETERS = 11_181_642;

  private static final String CONFIG =
      """
      {"constructor": "torchvision.models.resnet18", "arguments": {"num_classes": 10}}
      """;

  private static final String PREPROCESSING =
      """
      {"size": {"height": 96, "width": 96}, "resample": "bilinear", "rescale_factor": 0.00392156862745098,
       "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
      """;

  private Networks() {}

  /** The network; the caller closes it. */
  static Model resnet18(Registry registry) {
    return build(registry, "torchvision.models.resnet18");
  }

  /** A transformer of 86 million parameters on images of 224 x 224; the caller closes it. */
  static Model visionTransformer(Registry registry) {
    return build(registry, "torchvision.models.vit_b_16");
  }

  /** Configuration of an encoder of texts in BERT's form, with heads of 32 features. */
  static Map<String, Object> encoder(int layers, int width, int words) {
    return Map.of(
        "model_type",
        "bert",
        "vocab_size",
        words,
        "hidden_size",
        width,
        "num_hidden_layers",
        layers,
        "num_attention_heads",
        width / 32,
        "intermediate_size",
        4 * width,
        "max_position_embeddings",
        128);
  }

  private static Model build(Registry registry, String constructor) {
    RandomState.seed(1);
    ModelSpec spec =
        registry.modelSpec(
            Map.of("constructor", constructor, "arguments", Map.of("num_classes", CLASSES)));
    return new Model(spec, registry.get(ModelFamily.class, spec.family()).build(spec))
        .withChannelsInnermost();
  }

  /** Writes the network as a published folder. */
  static void publish(Path folder, Registry registry) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), CONFIG);
    Files.writeString(folder.resolve("preprocessor_config.json"), PREPROCESSING);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    try (Model model = resnet18(registry);
        Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> tensors.put(name, tensor.detach().toHost()));
    }
    Weights.of(tensors).save(folder.resolve("model.safetensors"));
  }

  /** Labels of the task. */
  static List<String> labels() {
    return java.util.stream.IntStream.range(0, CLASSES).mapToObj(i -> "class" + i).toList();
  }
}
