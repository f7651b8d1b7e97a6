package dev.graft.testkit.golden;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a network against a reference run of the library it comes from: the names, shapes and
 * types of its state, the number of parameters, and, with weights given by {@link GoldenFill},
 * outputs, loss, gradient norms and the output of each inner module in every mode that the file
 * tells of.
 *
 * <p>The network is built by the one registered family that reads the file's {@code constructor} or
 * {@code class}; a file that no family reads is not built.
 */
public final class ArchitectureChecker implements GoldenCheck {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a family needs to know; a file's name and its numbers are none of its business. */
  private static final List<String> CONFIG = List.of("constructor", "class", "arguments", "config");

  private static final Set<String> OPTIONAL_KINDS = Set.of("keep", "tied");
  private static final double FILL_TOLERANCE = 1e-6;

  private final Registry registry;

  /** A checker of the families in the registry. */
  public ArchitectureChecker(Registry registry) {
    this.registry = registry;
  }

  @Override
  public GoldenOutcome check(GoldenCase golden) {
    Map<String, Object> config = config(golden.json());
    for (ModelFamily family : registry.all(ModelFamily.class)) {
      Optional<ModelSpec> spec = family.read(config);
      if (spec.isPresent()) {
        return check(golden.json(), family, spec.get());
      }
    }
    return GoldenOutcome.notBuilt("no family reads " + config);
  }

  private static GoldenOutcome check(JsonNode json, ModelFamily family, ModelSpec spec) {
    Findings findings = new Findings();
    if (json.has("num_parameters_with_1000_classes")) {
      countWithDefaultClasses(json, family, findings);
    }
    try (Scope scope = Scope.open();
        Model model = new Model(spec, family.build(spec))) {
      if (state(json, model, findings)) {
        fill(json, model);
        weights(json, model, findings);
        ArchitectureRun run = new ArchitectureRun(json, model, findings);
        for (String mode : List.of("eval", "train_all_dropout_p_0")) {
          if (json.has(mode)) {
            run.withGradients(mode);
          }
        }
        if (json.has("eval_after_calibration")) {
          fill(json, model);
          run.afterCalibration("eval_after_calibration");
        }
      }
    }
    return findings.outcome();
  }

  static Map<String, Object> config(JsonNode json) {
    Map<String, Object> config = new LinkedHashMap<>();
    for (String key : CONFIG) {
      if (json.has(key)) {
        config.put(key, JSON.convertValue(json.get(key), Object.class));
      }
    }
    return config;
  }

  private static void countWithDefaultClasses(
      JsonNode json, ModelFamily family, Findings findings) {
    Map<String, Object> config = config(json);
    Map<String, Object> arguments =
        JSON.convertValue(json.get("arguments"), new TypeReference<Map<String, Object>>() {});
    config.put("arguments", arguments);
    if (arguments.remove("num_classes") == null) {
      throw new IllegalArgumentException("the file names no num_classes among its arguments");
    }
    ModelSpec spec = family.read(config).orElseThrow();
    try (Scope scope = Scope.open();
        Model model = new Model(spec, family.build(spec))) {
      Comparison count = new Comparison(0);
      count.number(
          "parameters with the default number of classes",
          json.get("num_parameters_with_1000_classes").asDouble(),
          (double) model.parameterCount());
      findings.add("default classes", count);
    }
  }

  /** Names, shapes and types; returns whether the weights can be filled. */
  static boolean state(JsonNode json, Model model, Findings findings) {
    Map<String, Tensor> state = new LinkedHashMap<>(model.state());
    Comparison comparison = new Comparison(0);
    comparison.number(
        "parameters", json.get("num_parameters").asDouble(), (double) model.parameterCount());
    for (JsonNode entry : json.get("state_dict")) {
      String name = entry.get(0).asText();
      Tensor tensor = state.remove(name);
      if (tensor != null) {
        String expected = Arrays.toString(Comparison.shape(entry.get(1))) + entry.get(2).asText();
        String actual =
            Arrays.toString(tensor.shape()) + tensor.dtype().name().toLowerCase(Locale.ROOT);
        if (!expected.equals(actual)) {
          comparison.wrong(name, "%s expected, it is %s".formatted(expected, actual));
        }
      } else if (!OPTIONAL_KINDS.contains(entry.get(3).asText())) {
        comparison.wrong(name, "the network has no such tensor");
      }
    }
    state.keySet().forEach(name -> comparison.wrong(name, "the reference has no such tensor"));
    findings.add("state", comparison);
    return comparison.failures() == 0;
  }

  static void fill(JsonNode json, Model model) {
    Map<String, Tensor> state = model.state();
    for (JsonNode entry : json.get("state_dict")) {
      String kind = entry.get(3).asText();
      if (!OPTIONAL_KINDS.contains(kind)) {
        String name = entry.get(0).asText();
        state.get(name).copyInPlace(GoldenFill.of(kind, name, Comparison.shape(entry.get(1))));
      }
    }
  }

  static void weights(JsonNode json, Model model, Findings findings) {
    Comparison comparison = new Comparison(FILL_TOLERANCE);
    for (JsonNode check : json.path("weight_checks")) {
      String name = check.get("name").asText();
      HostTensor host = model.state().get(name).toHost();
      comparison.tensor(name, check, host);
    }
    findings.add("weights", comparison);
  }

  /** What was found, section by section. */
  static final class Findings {

    private final List<String> passed = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    void add(String section, Comparison comparison) {
      GoldenOutcome outcome = comparison.outcome();
      boolean good = outcome.status() == GoldenOutcome.Status.PASSED;
      (good ? passed : failed).add(section + ": " + outcome.detail());
    }

    /** Adds a remark to what passed. */
    void note(String remark) {
      passed.add(remark);
    }

    GoldenOutcome outcome() {
      return failed.isEmpty()
          ? GoldenOutcome.passed(String.join("; ", passed))
          : GoldenOutcome.failed(String.join("; ", failed));
    }
  }
}
