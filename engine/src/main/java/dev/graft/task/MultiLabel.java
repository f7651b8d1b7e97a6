package dev.graft.task;

import dev.graft.data.TargetKind;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Any of K labels per example, each by itself; loss is the mean binary cross entropy. Scores are a
 * probability for each label; those of at least one half are predicted.
 *
 * @param labels their names by index
 */
public record MultiLabel(List<String> labels) implements Task {

  /** Id of this task. */
  public static final String ID = "multi-label";

  public MultiLabel {
    labels = List.copyOf(labels);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("multi-label needs labels, the data have none");
    }
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.LABELS;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("labels", labels);
  }

  @Override
  public Layer head(long features) {
    return new Linear(features, labels.size());
  }

  /** {@code labels} (N, K): zeros and ones. */
  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    float[] flat = new float[rows.length * labels.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / labels.size()][i % labels.size()];
    }
    return NamedTensors.of("labels", Tensor.of(flat, rows.length, labels.size()));
  }

  @Override
  public Tensor loss(NamedTensors outputs, NamedTensors targets) {
    return Nn.binaryCrossEntropy(outputs.get("logits"), targets.get("labels"));
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    try (Scope scope = Scope.open()) {
      Tensor logits = outputs.get("logits").detach().to(DType.FLOAT32);
      return Rows.cut(Nn.sigmoid(logits).toFloats(), labels.size());
    }
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        // Selects, since it has no threshold: an untrained head that says everything has a fair F1.
        Metrics.ofRows("average_precision", true, (s, t) -> LabelSets.of(s, t).averagePrecision()),
        Metrics.ofRows("micro_f1", true, (s, t) -> LabelSets.of(s, t).microF1()),
        Metrics.ofRows("macro_f1", true, (s, t) -> LabelSets.of(s, t).macroF1()),
        Metrics.ofRows("lrap", true, (s, t) -> LabelSets.of(s, t).rankingPrecision()),
        Metrics.ofRows("subset_accuracy", true, (s, t) -> LabelSets.of(s, t).subsetAccuracy()));
  }
}
