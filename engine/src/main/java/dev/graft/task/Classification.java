package dev.graft.task;

import dev.graft.data.TargetKind;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One of K classes per example; loss is the cross entropy.
 *
 * @param labels names of the classes by index
 */
public record Classification(List<String> labels) implements Task {

  /** Id of this task. */
  public static final String ID = "classification";

  public Classification {
    labels = List.copyOf(labels);
    if (labels.size() < 2) {
      throw new IllegalArgumentException(
          "classification needs at least 2 classes, the data has " + labels);
    }
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.CLASS;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("labels", labels);
  }

  @Override
  public Layer head(long features) {
    return new Linear(features, labels.size());
  }

  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    long[] indices = Arrays.stream(rows).mapToLong(row -> (long) row[0]).toArray();
    return NamedTensors.of("labels", Tensor.of(indices, indices.length));
  }

  @Override
  public Tensor loss(NamedTensors outputs, NamedTensors targets) {
    String target = targets.has("probabilities") ? "probabilities" : "labels";
    return Nn.crossEntropy(outputs.get("logits"), targets.get(target), 0);
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    try (Scope scope = Scope.open()) {
      Tensor logits = outputs.get("logits").detach().to(DType.FLOAT32);
      return Rows.cut(Nn.softmax(logits, -1).toFloats(), labels.size());
    }
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics =
        new ArrayList<>(
            List.of(
                Metrics.ACCURACY,
                Metrics.BALANCED_ACCURACY,
                Metrics.MACRO_F1,
                Metrics.LOG_LOSS,
                Metrics.CALIBRATION_ERROR));
    if (labels.size() == 2) {
      metrics.add(Metrics.ROC_AUC);
      metrics.add(Metrics.AVERAGE_PRECISION);
    }
    return metrics;
  }
}
