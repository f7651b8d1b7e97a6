package dev.graft.freezing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Selection;
import dev.graft.plan.Selection.Selected;
import dev.graft.plan.Stream;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Rate and decay of every parameter under layer decay, against timm's parameter groups. */
class LayerDecayGoldenTest {

  private static final double TOLERANCE = 1e-6;
  private static final Registry REGISTRY =
      Registry.load(LayerDecayGoldenTest.class.getClassLoader());

  @TestFactory
  java.util.stream.Stream<DynamicTest> layerDecay() {
    return GoldenFolder.of("schedules").tests(LayerDecayGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    JsonNode json = golden.json();
    if (!json.path("source").asText().endsWith("param_groups_layer_decay")) {
      return GoldenOutcome.notBuilt("not a matter of layer decay");
    }
    JsonNode parameters = json.path("parameters");
    Optional<ModelSpec> spec = spec(parameters);
    if (spec.isEmpty()) {
      return GoldenOutcome.notBuilt("network " + parameters.path("model").asText());
    }
    ModelFamily family = REGISTRY.get(ModelFamily.class, spec.get().family());
    try (Model model = new Model(spec.get(), family.build(spec.get()))) {
      return compare(json, model);
    }
  }

  private static Optional<ModelSpec> spec(JsonNode parameters) {
    String name = parameters.path("model").asText();
    Map<String, Object> arguments = new LinkedHashMap<>();
    for (String key : List.of("num_classes", "depth")) {
      if (parameters.has(key)) {
        arguments.put(key, parameters.get(key).asInt());
      }
    }
    for (String constructor :
        List.of("timm.create_model(\"%s\")".formatted(name), "torchvision.models." + name)) {
      try {
        return Optional.of(
            REGISTRY.modelSpec(Map.of("constructor", constructor, "arguments", arguments)));
      } catch (IllegalArgumentException e) {
        // Not a network under this library's name; the next one is tried.
      }
    }
    return Optional.empty();
  }

  private static GoldenOutcome compare(JsonNode json, Model model) {
    Comparison comparison = new Comparison(TOLERANCE);
    double decay = json.path("parameters").path("layer_decay").asDouble();
    double weightDecay = json.path("parameters").path("weight_decay").asDouble();
    Phase phase =
        Phase.of(
            "all",
            LayerDecay.selectors(model, decay),
            Stream.training(1, Stream.NONE),
            Choice.of("adamw"));
    Map<String, Selected> selected = new LinkedHashMap<>();
    Selection.of(phase, model).trained().forEach(s -> selected.put(s.parameter().name(), s));
    int expected = 0;
    for (JsonNode group : json.path("expected").path("groups")) {
      for (JsonNode parameter : group.path("parameters")) {
        expected++;
        String name = parameter.asText();
        Selected ours = selected.get(name);
        if (ours == null) {
          comparison.wrong(name, "is not trained");
          continue;
        }
        double own = Double.isNaN(ours.weightDecay()) ? weightDecay : ours.weightDecay();
        comparison.number("rate of " + name, group.path("lr_scale").asDouble(), ours.rate());
        comparison.number("decay of " + name, group.path("weight_decay").asDouble(), own, 1);
      }
    }
    comparison.number("parameters", expected, selected.size());
    return comparison.outcome();
  }
}
