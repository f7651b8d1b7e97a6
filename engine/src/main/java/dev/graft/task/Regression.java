package dev.graft.task;

import dev.graft.data.TargetKind;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * One number per example; loss is the mean squared error of the standardised target.
 *
 * @param mean mean of the training targets, in their unit
 * @param std standard deviation of the training targets, in their unit, &gt; 0
 */
public record Regression(double mean, double std) implements Task {

  /** Id of this task. */
  public static final String ID = "regression";

  public Regression {
    if (!(std > 0)) {
      throw new IllegalArgumentException(
          "the standard deviation of the targets is %s; regression needs targets that differ"
              .formatted(std));
    }
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.NUMBER;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("mean", mean, "std", std);
  }

  @Override
  public List<String> labels() {
    return List.of();
  }

  @Override
  public Layer head(long features) {
    return new Linear(features, 1);
  }

  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    float[] standardised = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      standardised[i] = (float) ((rows[i][0] - mean) / std);
    }
    return NamedTensors.of("labels", Tensor.of(standardised, rows.length, 1));
  }

  @Override
  public Tensor loss(NamedTensors outputs, NamedTensors targets) {
    return Nn.mseLoss(outputs.get("logits"), targets.get("labels"));
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    float[] flat = outputs.get("logits").detach().to(DType.FLOAT32).toFloats();
    double[][] rows = new double[flat.length][1];
    for (int i = 0; i < flat.length; i++) {
      rows[i][0] = flat[i] * std + mean;
    }
    return rows;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metrics.RMSE, Metrics.MAE, Metrics.R2);
  }
}
