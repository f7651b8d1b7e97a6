package dev.graft.testkit.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.task.BinaryRanking;
import dev.graft.task.Calibration;
import dev.graft.task.Confusion;
import dev.graft.task.Confusion.Mean;
import dev.graft.task.Correlation;
import dev.graft.task.LabelSets;
import dev.graft.task.Metric;
import dev.graft.task.Metrics;
import dev.graft.task.RankedLists;
import dev.graft.tensor.HostTensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Metrics against scikit-learn and scipy. */
class MetricsGoldenTest {

  private static final double TOLERANCE = 1e-9;
  private static final Pattern BINS = Pattern.compile("(ece|mce)_(\\d+)_bins");
  private static final Pattern TOP = Pattern.compile("top(\\d+)_accuracy");
  private static final Pattern PARTIAL = Pattern.compile("auc_max_fpr_(.+)");

  @TestFactory
  Stream<DynamicTest> metrics() {
    return GoldenFolder.of("metrics").tests(MetricsGoldenTest::check);
  }

  static GoldenOutcome check(GoldenCase golden) {
    JsonNode json = golden.json();
    JsonNode expected = json.path("expected");
    if (expected.has("confusion_matrix_rows_true")) {
      return multiclass(json);
    }
    if (expected.has("roc_curve")) {
      return binary(json);
    }
    if (expected.has("kendall_tau_b")) {
      return regression(json);
    }
    if (expected.has("lrap")) {
      return multilabel(json);
    }
    if (expected.has("mrr")) {
      return ranking(json);
    }
    return GoldenOutcome.notBuilt("metrics of " + golden.name());
  }

  /** Compares every figure of the file; one that has no counterpart makes it not built. */
  private static GoldenOutcome compare(JsonNode expected, Map<String, Supplier<double[]>> ours) {
    Comparison comparison = new Comparison(TOLERANCE);
    for (var field : expected.properties()) {
      Supplier<double[]> figure = ours.get(field.getKey());
      if (figure == null) {
        return GoldenOutcome.notBuilt("metric " + field.getKey());
      }
      double[] values =
          Comparison.flatten(
              field.getValue().isArray() ? field.getValue() : wrap(field.getValue()));
      comparison.values(field.getKey(), values, figure.get());
    }
    return comparison.outcome();
  }

  private static JsonNode wrap(JsonNode value) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    if (value.isObject()) {
      value.properties().forEach(entry -> array.add(entry.getValue()));
    } else {
      array.add(value);
    }
    return array;
  }

  private static GoldenOutcome multiclass(JsonNode json) {
    double[] labels = Inputs.numbers(json.path("inputs").path("labels"));
    double[][] scores = probabilities(Inputs.floats(json.path("inputs").path("logits")), labels);
    int classes = scores[0].length;
    Confusion confusion = Confusion.of(scores, labels, classes);
    Map<String, Supplier<double[]>> ours = new LinkedHashMap<>();
    ours.put("predictions", () -> Arrays.stream(scores).mapToDouble(Metrics::argmax).toArray());
    ours.put(
        "confusion_matrix_rows_true",
        () ->
            Arrays.stream(confusion.counts())
                .flatMapToLong(Arrays::stream)
                .asDoubleStream()
                .toArray());
    for (Mean mean : Mean.values()) {
      String suffix = mean == Mean.MACRO ? "_macro" : "_weighted";
      put(ours, "precision" + suffix, () -> confusion.mean(mean, confusion::precision));
      put(ours, "recall" + suffix, () -> confusion.mean(mean, confusion::recall));
      put(ours, "f1" + suffix, () -> confusion.mean(mean, confusion::f1));
    }
    // Where every example has one label, micro averages are the accuracy.
    for (String micro : new String[] {"precision_micro", "recall_micro", "f1_micro"}) {
      put(ours, micro, confusion::accuracy);
    }
    ours.put(
        "f1_per_class", () -> IntStream.range(0, classes).mapToDouble(confusion::f1).toArray());
    put(ours, "cohen_kappa_quadratic", () -> confusion.kappa(true));
    put(ours, "roc_auc_ovo_macro", () -> pairwiseArea(scores, labels));
    Map<String, Metric> named =
        Map.of(
            "accuracy", Metrics.ACCURACY,
            "balanced_accuracy", Metrics.BALANCED_ACCURACY,
            "cohen_kappa", Metrics.KAPPA,
            "matthews", Metrics.MATTHEWS,
            "log_loss", Metrics.LOG_LOSS,
            "roc_auc_ovr_macro", Metrics.ROC_AUC,
            "average_precision_macro_ovr", Metrics.AVERAGE_PRECISION,
            "brier_multiclass_sum", Metrics.BRIER);
    named.forEach((key, metric) -> put(ours, key, () -> metric.compute(scores, labels)));
    for (var field : json.path("expected").properties()) {
      Matcher bins = BINS.matcher(field.getKey());
      Matcher top = TOP.matcher(field.getKey());
      if (bins.matches()) {
        Calibration.Error error =
            Calibration.error(scores, labels, Integer.parseInt(bins.group(2)));
        put(ours, field.getKey(), bins.group(1).equals("ece") ? error::expected : error::maximum);
      } else if (top.matches()) {
        int k = Integer.parseInt(top.group(1));
        put(ours, field.getKey(), () -> Metrics.topAccuracy(scores, labels, k));
      }
    }
    return compare(json.path("expected"), ours);
  }

  private static void put(
      Map<String, Supplier<double[]>> ours, String key, Supplier<Double> figure) {
    ours.put(key, () -> new double[] {figure.get()});
  }

  /** Softmax in double precision of the logits, 1.2 added at the label as the file notes. */
  private static double[][] probabilities(HostTensor logits, double[] labels) {
    int classes = (int) logits.shape()[1];
    double[][] rows = new double[labels.length][classes];
    for (int i = 0; i < rows.length; i++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        rows[i][c] = Math.exp(logits.get(i * classes + c) + (c == labels[i] ? 1.2 : 0));
        sum += rows[i][c];
      }
      for (int c = 0; c < classes; c++) {
        rows[i][c] /= sum;
      }
    }
    return rows;
  }

  /** Mean over ordered pairs of classes of the area among their examples alone. */
  private static double pairwiseArea(double[][] scores, double[] labels) {
    int classes = scores[0].length;
    double sum = 0;
    for (int a = 0; a < classes; a++) {
      for (int b = 0; b < classes; b++) {
        int first = a;
        int second = b;
        int[] rows =
            IntStream.range(0, labels.length)
                .filter(i -> labels[i] == first || labels[i] == second)
                .toArray();
        boolean[] positive = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
          positive[i] = labels[rows[i]] == first;
        }
        double[] column = Arrays.stream(rows).mapToDouble(i -> scores[i][first]).toArray();
        sum += a == b ? 0 : BinaryRanking.of(column, positive).rocArea();
      }
    }
    return sum / (classes * (classes - 1));
  }

  private static GoldenOutcome binary(JsonNode json) {
    double[] labels = Inputs.numbers(json.path("inputs").path("labels"));
    double[] scores = Inputs.numbers(json.path("inputs").path("scores"));
    boolean[] positive = new boolean[labels.length];
    double[][] rows = new double[labels.length][2];
    double[][] decided = new double[labels.length][2];
    for (int i = 0; i < rows.length; i++) {
      positive[i] = labels[i] == 1;
      rows[i] = new double[] {1 - scores[i], scores[i]};
      decided[i][scores[i] >= 0.5 ? 1 : 0] = 1;
    }
    BinaryRanking ranking = BinaryRanking.of(scores, positive);
    Confusion confusion = Confusion.of(decided, labels, 2);
    Map<String, Supplier<double[]>> ours = new LinkedHashMap<>();
    put(ours, "roc_auc", () -> Metrics.ROC_AUC.compute(rows, labels));
    put(ours, "average_precision", () -> Metrics.AVERAGE_PRECISION.compute(rows, labels));
    ours.put("roc_curve", () -> join(ranking.falsePositiveRates(), ranking.truePositiveRates()));
    ours.put(
        "pr_curve",
        () -> join(reversed(ranking.precisions()), reversed(ranking.truePositiveRates())));
    put(ours, "accuracy_at_0.5", confusion::accuracy);
    put(ours, "f1_at_0.5", () -> confusion.f1(1));
    put(ours, "matthews_at_0.5", confusion::matthews);
    put(ours, "brier", () -> Metrics.BRIER.compute(rows, labels) / 2);
    for (var field : json.path("expected").properties()) {
      Matcher partial = PARTIAL.matcher(field.getKey());
      if (partial.matches()) {
        double rate = Double.parseDouble(partial.group(1));
        put(ours, field.getKey(), () -> ranking.partialRocArea(rate));
      }
    }
    return compare(flattened(json.path("expected")), ours);
  }

  /** Curves are objects of two lists; here each becomes one list. */
  private static JsonNode flattened(JsonNode expected) {
    ObjectNode copy = expected.deepCopy();
    for (String curve : new String[] {"roc_curve", "pr_curve"}) {
      copy.set(curve, wrap(expected.path(curve)));
    }
    return copy;
  }

  private static double[] join(double[] a, double[] b) {
    return Stream.of(a, b).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] reversed(double[] values) {
    return IntStream.range(0, values.length)
        .mapToDouble(i -> values[values.length - 1 - i])
        .toArray();
  }

  private static GoldenOutcome regression(JsonNode json) {
    HostTensor target = Inputs.floats(json.path("inputs").path("target"));
    HostTensor noise = Inputs.floats(json.path("inputs").path("noise"));
    double[] targets = new double[(int) target.count()];
    double[][] predictions = new double[targets.length][1];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = target.get(i);
      predictions[i][0] = targets[i] * 0.8 + noise.get(i);
    }
    Map<String, Supplier<double[]>> ours = new LinkedHashMap<>();
    for (Metric metric : Metrics.all()) {
      put(ours, metric.id(), () -> metric.compute(predictions, targets));
    }
    double[] column = Arrays.stream(predictions).mapToDouble(row -> row[0]).toArray();
    put(ours, "kendall_tau_b", () -> Correlation.kendall(column, targets));
    return compare(json.path("expected"), ours);
  }

  private static GoldenOutcome multilabel(JsonNode json) {
    LabelSets sets =
        LabelSets.of(
            rows(json.path("inputs").path("scores")), rows(json.path("inputs").path("labels")));
    Map<String, Supplier<double[]>> ours = new LinkedHashMap<>();
    put(ours, "subset_accuracy", sets::subsetAccuracy);
    put(ours, "hamming", sets::hammingLoss);
    put(ours, "f1_macro", sets::macroF1);
    put(ours, "f1_micro", sets::microF1);
    put(ours, "f1_samples", sets::exampleF1);
    put(ours, "f1_weighted", sets::weightedF1);
    put(ours, "mAP_macro", sets::averagePrecision);
    put(ours, "roc_auc_macro", sets::rocArea);
    put(ours, "lrap", sets::rankingPrecision);
    return compare(json.path("expected"), ours);
  }

  private static double[][] rows(JsonNode rows) {
    double[][] result = new double[rows.size()][];
    for (int i = 0; i < result.length; i++) {
      result[i] = Inputs.numbers(rows.get(i));
    }
    return result;
  }

  private static GoldenOutcome ranking(JsonNode json) {
    HostTensor filled = Inputs.floats(json.path("inputs").path("scores"));
    int items = (int) filled.shape()[1];
    double[][] scores = new double[(int) filled.shape()[0]][items];
    double[][] relevant = new double[scores.length][items];
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < items; j++) {
        scores[i][j] = filled.get(i * items + j);
      }
      for (JsonNode positive : json.path("inputs").path("positives").get(i)) {
        relevant[i][positive.asInt()] = 1;
      }
    }
    double[][] graded = rows(json.path("inputs").path("graded_relevance"));
    double[][] exponential = new double[graded.length][];
    for (int i = 0; i < graded.length; i++) {
      exponential[i] = Arrays.stream(graded[i]).map(grade -> Math.pow(2, grade) - 1).toArray();
    }
    RankedLists plain = new RankedLists(scores, relevant);
    Map<String, Supplier<double[]>> ours = new LinkedHashMap<>();
    put(ours, "ndcg_at_10", () -> plain.ndcg(10));
    put(ours, "ndcg_all", () -> plain.ndcg(items));
    put(ours, "hit_rate_at_10", () -> plain.hitRate(10));
    put(ours, "mrr", plain::reciprocalRank);
    put(ours, "recall_at_10", () -> plain.recall(10));
    put(ours, "precision_at_10", () -> plain.precision(10));
    put(ours, "map", plain::averagePrecision);
    put(ours, "ndcg_at_10_graded_linear_gain", () -> new RankedLists(scores, graded).ndcg(10));
    put(
        ours,
        "ndcg_at_10_graded_exponential_gain",
        () -> new RankedLists(scores, exponential).ndcg(10));
    put(ours, "dcg_at_10_graded_linear_gain", () -> new RankedLists(scores, graded).dcg(10));
    return compare(json.path("expected"), ours);
  }
}
