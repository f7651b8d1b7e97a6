package dev.graft.testkit.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.report.RateCurve;
import dev.graft.spi.Schedule;
import dev.graft.spi.Schedule.Curve;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Learning rates, update by update, against the libraries that published the shapes. */
class SchedulesGoldenTest {

  private static final double TOLERANCE = 1e-6;

  @TestFactory
  Stream<DynamicTest> schedules() {
    return GoldenFolder.of("schedules").tests(SchedulesGoldenTest::check);
  }

  static GoldenOutcome check(GoldenCase golden) {
    JsonNode json = golden.json();
    JsonNode given = json.path("parameters");
    String source = json.path("source").asText();
    String function =
        source.substring(Math.max(source.lastIndexOf('.'), source.lastIndexOf(' ')) + 1);
    return switch (function) {
      case "ExponentialLR" -> {
        int length = json.path("expected").path("lr").size();
        yield rates(
            json,
            bind("exponential", length, set("end", Math.pow(number(given, "gamma", 0.1), length))));
      }
      case "MultiStepLR" ->
          rates(
              json,
              bind(
                  "step",
                  json.path("expected").path("lr").size(),
                  set("milestones", milestones(given.path("milestones")))
                      .with("gamma", number(given, "gamma", 0.1))));
      case "PolynomialLR" ->
          rates(
              json,
              bind(
                  "polynomial",
                  given.path("total_iters").asLong(),
                  set("power", number(given, "power", 1))));
      case "CosineAnnealingLR" ->
          rates(
              json,
              bind(
                  "cosine",
                  given.path("T_max").asLong(),
                  set("end", number(given, "eta_min", 0) / given.path("base_lr").asDouble())));
      case "OneCycleLR" -> oneCycle(json, given);
      case "get_constant_schedule_with_warmup" ->
          rates(json, warmed("constant", given, Settings.NONE));
      case "get_linear_schedule_with_warmup" -> rates(json, warmed("linear", given, Settings.NONE));
      case "get_cosine_schedule_with_warmup" ->
          rates(json, warmed("cosine", given, set("cycles", number(given, "num_cycles", 0.5))));
      case "get_cosine_with_hard_restarts_schedule_with_warmup" ->
          rates(
              json,
              warmed(
                  "cosine",
                  given,
                  set("cycles", number(given, "num_cycles", 1)).with("restarts", true)));
      case "get_polynomial_decay_schedule_with_warmup" ->
          rates(
              json,
              warmed(
                  "polynomial",
                  given,
                  set("power", number(given, "power", 1))
                      .with(
                          "end",
                          number(given, "lr_end", 1e-7) / given.path("base_lr").asDouble())));
      case "fit_flat_cos" ->
          rates(
              json,
              "lr",
              bind(
                  "cosine",
                  given.path("total_batches").asLong(),
                  set("flat", number(given, "pct_start", 0.75))
                      .with("end", 1 / number(given, "div_final", 1e5))));
      case "fine_tune" -> fineTune(json, given);
      case "steep" -> suggestions(json);
      default -> GoldenOutcome.notBuilt(function);
    };
  }

  private static GoldenOutcome rates(JsonNode json, Curve curve) {
    return rates(json, "base_lr", curve);
  }

  private static GoldenOutcome rates(JsonNode json, String baseKey, Curve curve) {
    Comparison comparison = new Comparison(TOLERANCE);
    double base = json.path("parameters").path(baseKey).asDouble();
    compare(comparison, "lr", json.path("expected").path("lr"), t -> base * curve.rate(t));
    return comparison.outcome();
  }

  private static GoldenOutcome oneCycle(JsonNode json, JsonNode given) {
    Settings settings =
        set("anneal", given.path("anneal").asText("cos"))
            .with("pct", number(given, "pct_start", 0.3))
            .with("div", number(given, "div_factor", 25))
            .with("final_div", number(given, "final_div_factor", 1e4))
            .with("three_phase", given.path("three_phase").asBoolean(false))
            .with("base_momentum", number(given, "base_momentum", 0.85))
            .with("max_momentum", number(given, "max_momentum", 0.95));
    Curve curve = bind("one-cycle", given.path("total_steps").asLong(), settings);
    double peak = given.path("max_lr").asDouble();
    Comparison comparison = new Comparison(TOLERANCE);
    compare(comparison, "lr", json.path("expected").path("lr"), t -> peak * curve.rate(t));
    compare(comparison, "momentum", json.path("expected").path("momentum"), curve::momentum);
    return comparison.outcome();
  }

  /** Head alone, then all groups with rates that rise geometrically towards the head. */
  private static GoldenOutcome fineTune(JsonNode json, JsonNode given) {
    Comparison comparison = new Comparison(TOLERANCE);
    JsonNode expected = json.path("expected");
    double base = given.path("base_lr").asDouble();
    long perEpoch = given.path("batches_per_epoch").asLong();
    Settings fastai = set("form", "fastai").with("final_div", 1e5);
    Curve head =
        bind(
            "one-cycle",
            perEpoch * given.path("freeze_epochs").asLong(),
            fastai.with("pct", 0.99).with("div", 25));
    compare(comparison, "head", expected.path("phase1_head_lr"), t -> base * head.rate(t));
    Curve all =
        bind(
            "one-cycle",
            perEpoch * given.path("epochs").asLong(),
            fastai.with("pct", 0.3).with("div", 5));
    int groups = given.path("groups").asInt();
    double mult = given.path("lr_mult").asDouble();
    JsonNode rows = expected.path("phase2_lr_groups");
    double[] actual = new double[rows.size() * groups];
    for (int i = 0; i < actual.length; i++) {
      double share = Math.pow(mult, (double) (i % groups - groups + 1) / (groups - 1));
      actual[i] = base / 2 * share * all.rate(i / groups);
    }
    comparison.values("groups", Comparison.flatten(rows), actual);
    return comparison.outcome();
  }

  /** What a recorded range test suggests. */
  private static GoldenOutcome suggestions(JsonNode json) {
    double[] rates = Comparison.flatten(json.path("inputs").path("lrs"));
    double[] losses = Comparison.flatten(json.path("inputs").path("losses"));
    RateCurve curve =
        new RateCurve(
            IntStream.range(0, rates.length)
                .mapToObj(i -> new RateCurve.Point(rates[i], losses[i]))
                .toList());
    Comparison comparison = new Comparison(TOLERANCE);
    curve
        .suggestions()
        .forEach(
            (name, rate) ->
                comparison.number(name, json.path("expected").path(name).asDouble(), rate));
    return comparison.outcome();
  }

  private static void compare(
      Comparison comparison, String what, JsonNode expected, LongToDoubleFunction actual) {
    double[] values = new double[expected.size()];
    Arrays.setAll(values, actual::applyAsDouble);
    comparison.values(what, Comparison.flatten(expected), values);
  }

  private static Curve warmed(String id, JsonNode given, Settings settings) {
    return bind(
        id,
        given.path("num_training_steps").asLong(1000),
        settings.with("warmup", given.path("num_warmup_steps").asDouble()));
  }

  private static Curve bind(String id, long total, Settings settings) {
    return Registry.load(Schedule.class.getClassLoader())
        .get(Schedule.class, id)
        .bind(total, settings);
  }

  private static Settings set(String key, Object value) {
    return Settings.of(key, value);
  }

  private static double number(JsonNode given, String key, double initial) {
    return given.path(key).asDouble(initial);
  }

  private static String milestones(JsonNode list) {
    return Arrays.stream(Comparison.flatten(list))
        .mapToObj(String::valueOf)
        .collect(Collectors.joining("/"));
  }
}
