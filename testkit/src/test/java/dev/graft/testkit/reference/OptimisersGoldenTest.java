package dev.graft.testkit.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Parameter;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Optimizer;
import dev.graft.spi.Optimizer.Share;
import dev.graft.spi.Optimizer.Updater;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFill;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import dev.graft.train.optim.MovingAverage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Traces of optimizers and averages against the libraries that published them. */
class OptimisersGoldenTest {

  private static final double TOLERANCE = 1e-5;

  /** The class at the end of the file's source, and what it is called here. */
  private static final Pattern SOURCE = Pattern.compile(".*\\boptim\\.(?:\\w+\\.)?(\\w+)");

  private static final Map<String, String> IDS =
      Map.of(
          "AdamW", "adamw", "Adam", "adam", "SGD", "sgd", "SGDW", "sgd", "RMSprop", "rmsprop",
          "Lion", "lion", "Lamb", "lamb");

  /** How a library computes, not what. */
  private static final Set<String> IGNORED =
      Set.of("foreach", "differentiable", "fused", "capturable", "lr", "weight_decay", "betas");

  /** Options that have one value here, because ours always works that way. */
  private static final Map<String, Boolean> FIXED =
      Map.of("grad_averaging", true, "bias_correction", true);

  @TestFactory
  Stream<DynamicTest> optimisers() {
    return GoldenFolder.of("optimisers").tests(OptimisersGoldenTest::check);
  }

  static GoldenOutcome check(GoldenCase golden) {
    JsonNode json = golden.json();
    if (json.path("source").asText().endsWith("ModelEmaV2")) {
      return movingAverage(json);
    }
    Matcher source = SOURCE.matcher(json.path("source").asText());
    String name = source.matches() ? source.group(1) : json.path("source").asText();
    if (!IDS.containsKey(name)) {
      return GoldenOutcome.notBuilt(name);
    }
    Optimizer optimizer =
        Registry.load(Optimizer.class.getClassLoader()).get(Optimizer.class, IDS.get(name));
    Map<String, JsonNode> given = new LinkedHashMap<>();
    json.path("all_hyperparameters").properties().forEach(e -> given.put(e.getKey(), e.getValue()));
    json.path("parameters").properties().forEach(e -> given.put(e.getKey(), e.getValue()));
    Optional<String> unknown =
        given.keySet().stream().filter(key -> !has(optimizer, key, given)).findFirst();
    if (unknown.isPresent()) {
      return GoldenOutcome.notBuilt(
          "%s with %s=%s".formatted(name, unknown.get(), given.get(unknown.get())));
    }
    return trace(json, optimizer, settings(optimizer, given, name.equals("SGDW")));
  }

  private static boolean has(Optimizer optimizer, String key, Map<String, JsonNode> given) {
    JsonNode value = given.get(key);
    return IGNORED.contains(key)
        || optimizer.settings().stream().anyMatch(setting -> setting.key().equals(key))
        || value.isNull()
        || (value.isBoolean() && value.asBoolean() == FIXED.getOrDefault(key, false));
  }

  private static Settings settings(
      Optimizer optimizer, Map<String, JsonNode> given, boolean decoupled) {
    Settings settings = Settings.NONE;
    for (var entry : given.entrySet()) {
      JsonNode value = entry.getValue();
      if (entry.getKey().equals("betas")) {
        settings =
            settings.with("beta1", value.get(0).asDouble()).with("beta2", value.get(1).asDouble());
      } else if (optimizer.settings().stream().anyMatch(s -> s.key().equals(entry.getKey()))) {
        settings =
            settings.with(
                entry.getKey(), value.isBoolean() ? (Object) value.asBoolean() : value.asDouble());
      }
    }
    settings = decoupled ? settings.with("decoupled", true) : settings;
    return settings.checked(optimizer.about().id(), optimizer.settings());
  }

  private static GoldenOutcome trace(JsonNode json, Optimizer optimizer, Settings settings) {
    Comparison comparison = new Comparison(TOLERANCE);
    try (Scope scope = Scope.open()) {
      List<Parameter> parameters = new ArrayList<>();
      json.path("inputs")
          .properties()
          .forEach(e -> parameters.add(parameter(e.getKey(), e.getValue())));
      Share share = new Share(parameters, 1, settings.number("weight_decay"));
      try (Updater updater = optimizer.create(List.of(share), settings)) {
        for (JsonNode after : json.path("expected").path("after")) {
          int step = after.path("step").asInt();
          for (Parameter parameter : parameters) {
            String name = "optim.grad.%d.%s".formatted(step, parameter.name());
            parameter
                .tensor()
                .setGrad(Tensor.of(GoldenFill.input(name, 1, parameter.tensor().shape())));
          }
          updater.step(settings.number("lr"), Double.NaN);
          for (Parameter parameter : parameters) {
            comparison.tensor(
                "%s after step %d".formatted(parameter.name(), step),
                after.path(parameter.name()),
                parameter.tensor().toHost());
          }
        }
      }
    }
    return comparison.outcome();
  }

  private static Parameter parameter(String name, JsonNode input) {
    JsonNode values = input.path("values");
    long[] shape =
        values.get(0).isArray()
            ? new long[] {values.size(), values.get(0).size()}
            : new long[] {values.size()};
    Tensor tensor = Tensor.of(GoldenFill.input("optim." + name, 1, shape));
    tensor.setRequiresGrad(true);
    return new Parameter(name, "group", ParameterKind.WEIGHT, tensor);
  }

  private static GoldenOutcome movingAverage(JsonNode json) {
    Comparison comparison = new Comparison(TOLERANCE);
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> live =
          Map.of(
              "weight",
              Tensor.of(linear("start", "weight")),
              "bias",
              Tensor.of(linear("start", "bias")));
      try (Autograd off = Autograd.off();
          MovingAverage average =
              new MovingAverage(live, json.path("parameters").path("decay").asDouble())) {
        for (JsonNode after : json.path("expected").path("ema_after")) {
          int update = after.path("update").asInt();
          live.forEach((name, tensor) -> tensor.copyInPlace(linear("" + update, name)));
          average.update();
          average
              .state()
              .forEach(
                  (name, value) ->
                      comparison.tensor(
                          "%s after update %d".formatted(name, update), after.path(name), value));
        }
      }
    }
    return comparison.outcome();
  }

  private static HostTensor linear(String update, String name) {
    String full = "ema.%s.%s".formatted(update, name);
    return name.equals("weight")
        ? GoldenFill.of("weight", full, 2, 3)
        : GoldenFill.of("bias", full, 2);
  }
}
