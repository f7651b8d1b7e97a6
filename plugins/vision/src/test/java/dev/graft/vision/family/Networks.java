package dev.graft.vision.family;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.Map;

/** Builds networks from configurations as a user's folder holds them. */
final class Networks {

  private static final Registry REGISTRY = Registry.load(Networks.class.getClassLoader());

  private Networks() {}

  static ModelSpec spec(Map<String, Object> config) {
    return REGISTRY.modelSpec(config);
  }

  static ModelFamily family(ModelSpec spec) {
    return REGISTRY.get(ModelFamily.class, spec.family());
  }

  static Model build(ModelSpec spec) {
    return new Model(spec, family(spec).build(spec));
  }

  static Model torchvision(String name, Map<String, Object> arguments) {
    return build(spec(Map.of("constructor", "torchvision.models." + name, "arguments", arguments)));
  }

  static Model timm(String name, Map<String, Object> arguments) {
    return build(
        spec(
            Map.of(
                "constructor",
                "timm.create_model(\"%s\")".formatted(name),
                "arguments",
                arguments)));
  }

  /** What enters the head. */
  static Tensor features(Model model, Tensor pixels) {
    return model
        .forward(NamedTensors.of("pixels", pixels), 0, model.groups().size() - 1)
        .get("features");
  }

  static Tensor logits(Model model, Tensor pixels) {
    return model.forward(NamedTensors.of("pixels", pixels)).get("logits");
  }
}
