package dev.graft.train.optim;

import dev.graft.plan.Phase;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.task.Metric;
import dev.graft.task.Task;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The linear head that a phase with the optimizer {@code lbfgs} finds on fixed features: the
 * penalty is picked on the validation part, the head then fitted once more to both parts.
 */
public final class LinearProbe {

  /** What a plan calls this way of training in place of an optimizer. */
  public static final String ID = Phase.SOLVER;

  private static final String GRID = "grid";
  private static final int FOLD = 5;
  private static final List<Double> PENALTIES = List.of(1.0, 1e-1, 1e-2, 1e-3, 1e-4);
  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text(
              "l2",
              GRID,
              List.of(),
              "strength of the penalty on the weights, or grid: the best of 1e-4, 1e-3, 1e-2, 0.1"
                  + " and 1 on the validation part"),
          Setting.flag("standardise", true, "whether features are scaled to mean 0 and std 1"),
          Setting.flag("refit", true, "whether the head is fitted again with the validation part"));

  private LinearProbe() {}

  /** Settings of the optimizer {@code lbfgs}, with their defaults. */
  public static List<Setting> settings() {
    return SETTINGS;
  }

  /**
   * Fixed features of one part of the data.
   *
   * @param features (N, D), FLOAT32
   * @param targets one per row, as {@code Dataset.targetRow} returns them
   */
  public record Part(Tensor features, double[][] targets) {

    /** Number of rows. */
    public int size() {
      return targets.length;
    }
  }

  /** Targets of a part as the loss of a task reads them, which reads nothing else. */
  public static NamedTensors targets(Task task, Part part) {
    return task.targets(part.targets, NamedTensors.of(Map.of()));
  }

  /**
   * The head that was found, for features as they are.
   *
   * @param weight (outputs, D), FLOAT32
   * @param bias (outputs), FLOAT32
   * @param l2 the penalty used
   * @param validation figure of the task's first metric for each penalty tried, fitted to the
   *     training part alone; empty where nothing was to be picked
   * @param metrics all figures of the task, and {@code loss}, for the penalty used, fitted and
   *     computed as {@code validation}; empty where that is
   * @param iterations of the last fit
   */
  public record Result(
      HostTensor weight,
      HostTensor bias,
      double l2,
      Map<Double, Double> validation,
      Map<String, Double> metrics,
      int iterations) {}

  /** The penalty that was picked, and the figures of its head. */
  private record Picked(double l2, Map<String, Double> metrics) {}

  /**
   * Finds the head.
   *
   * @param task a task whose head is linear and whose loss is convex in the outputs
   * @param validation where it has no rows, a penalty is picked on every fifth of the training part
   * @throws IllegalArgumentException if a setting is wrong, or nothing is left to pick with
   */
  public static Result fit(Task task, Part training, Part validation, Settings given) {
    Settings settings = given.checked(ID, SETTINGS);
    boolean standardise = settings.flag("standardise");
    try (Scope scope = Scope.open()) {
      Map<Double, Double> figures = new LinkedHashMap<>();
      Picked picked =
          settings.text("l2").equals(GRID)
              ? pick(task, heldBack(training, validation), standardise, figures)
              : new Picked(number(settings.text("l2")), Map.of());
      Part all =
          settings.flag("refit") && validation.size() > 0 ? join(training, validation) : training;
      Scaled data = Scaled.of(all.features, standardise);
      LinearFit fit = fit(task, data.features, targets(task, all), picked.l2, null);
      return new Result(
          single(data.scale.foldedWeight(fit.weight())),
          single(data.scale.foldedBias(fit.weight(), fit.bias())),
          picked.l2,
          figures,
          picked.metrics,
          fit.solution().iterations());
    }
  }

  /** Features on the scale the head is fitted on. */
  private record Scaled(Tensor features, Standardisation scale) {

    static Scaled of(Tensor features, boolean standardise) {
      Standardisation scale =
          standardise ? Standardisation.of(features) : Standardisation.none(features);
      return new Scaled(standardise ? scale.apply(features) : features, scale);
    }
  }

  private static double number(String text) {
    try {
      double l2 = Double.parseDouble(text);
      if (l2 >= 0 && l2 < Double.POSITIVE_INFINITY) {
        return l2;
      }
    } catch (NumberFormatException e) {
      // Told below, as any other value that is not allowed.
    }
    throw new IllegalArgumentException(
        "setting 'l2' of %s is '%s'; allowed: grid, or a number of 0 or more".formatted(ID, text));
  }

  private record Parts(Part training, Part validation) {}

  /** The two parts; where the second is empty, every fifth row of the first takes its place. */
  private static Parts heldBack(Part training, Part validation) {
    if (validation.size() > 0) {
      return new Parts(training, validation);
    }
    if (training.size() < FOLD) {
      throw new IllegalArgumentException(
          "%s picks l2 on rows held back, but there are only %d; give l2 as a number"
              .formatted(ID, training.size()));
    }
    return new Parts(
        rows(training, row -> row % FOLD != FOLD - 1),
        rows(training, row -> row % FOLD == FOLD - 1));
  }

  private static Part rows(Part part, IntPredicate which) {
    int[] rows = IntStream.range(0, part.size()).filter(which).toArray();
    long[] indices = Arrays.stream(rows).asLongStream().toArray();
    return new Part(
        part.features.indexSelect(0, Tensor.of(indices, indices.length)),
        Arrays.stream(rows).mapToObj(row -> part.targets[row]).toArray(double[][]::new));
  }

  /** From the strongest penalty to the weakest, each fit starting where the last one ended. */
  private static Picked pick(
      Task task, Parts parts, boolean standardise, Map<Double, Double> figures) {
    Part training = parts.training;
    Part validation = parts.validation;
    Scaled data = Scaled.of(training.features, standardise);
    Tensor held = standardise ? data.scale.apply(validation.features) : validation.features;
    Metric metric = task.metrics().get(0);
    LinearFit fit = null;
    double best = Double.NaN;
    double bestLoss = Double.NaN;
    Picked picked = new Picked(PENALTIES.get(0), Map.of());
    for (double l2 : PENALTIES) {
      fit = fit(task, data.features, targets(task, training), l2, fit);
      try (Scope scope = Scope.open()) {
        NamedTensors outputs = outputs(held, fit);
        double[][] scores = task.scores(outputs);
        double figure = metric.compute(scores, validation.targets);
        double loss = task.loss(outputs, targets(task, validation)).item();
        figures.put(l2, figure);
        boolean better = metric.higherIsBetter() ? figure > best : figure < best;
        if (Double.isNaN(best) || better || (figure == best && loss < bestLoss)) {
          best = figure;
          bestLoss = loss;
          picked = new Picked(l2, metrics(task, scores, validation.targets, loss));
        }
      }
    }
    return picked;
  }

  private static Map<String, Double> metrics(
      Task task, double[][] scores, double[][] targets, double loss) {
    Map<String, Double> all = new LinkedHashMap<>();
    task.metrics().forEach(each -> all.put(each.id(), each.compute(scores, targets)));
    all.put("loss", loss);
    return all;
  }

  private static LinearFit fit(
      Task task, Tensor features, NamedTensors labels, double l2, LinearFit start) {
    return LinearFit.of(
        features,
        Math.toIntExact(task.outputs()),
        logits -> task.loss(NamedTensors.of("logits", logits), labels),
        l2,
        start);
  }

  private static NamedTensors outputs(Tensor features, LinearFit fit) {
    try (Autograd off = Autograd.off()) {
      Tensor weight = Tensor.of(fit.weight()).to(features.dtype());
      Tensor bias = Tensor.of(fit.bias()).to(features.dtype());
      return NamedTensors.of("logits", Nn.linear(features, weight, bias));
    }
  }

  private static Part join(Part a, Part b) {
    List<Tensor> features = List.of(a.features, b.features);
    double[][] targets =
        Stream.concat(Arrays.stream(a.targets), Arrays.stream(b.targets)).toArray(double[][]::new);
    return new Part(Tensor.cat(features, 0), targets);
  }

  private static HostTensor single(HostTensor values) {
    try (Scope scope = Scope.open()) {
      return Tensor.of(values).to(DType.FLOAT32).toHost();
    }
  }
}
