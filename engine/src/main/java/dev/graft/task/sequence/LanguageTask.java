package dev.graft.task.sequence;

import dev.graft.layers.Layer;
import dev.graft.model.HeadInput;
import dev.graft.task.Task;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What tasks have in common whose targets are words of the examples themselves: the network's own
 * head over words is what trains, and there are neither labels nor settings.
 */
interface LanguageTask extends Task {

  @Override
  default Map<String, Object> settings() {
    return Map.of();
  }

  @Override
  default List<String> labels() {
    return List.of();
  }

  /** Never asked for: the network keeps its own. */
  @Override
  default Layer head(long features) {
    throw new IllegalStateException(
        "for %s the network keeps the head that it has".formatted(id()));
  }

  @Override
  default boolean keepsHead() {
    return true;
  }

  @Override
  default HeadInput headInput() {
    return HeadInput.POSITION;
  }

  @Override
  default Tensor loss(NamedTensors outputs, NamedTensors targets) {
    return WordScores.loss(outputs.get("logits"), targets.get("labels"));
  }

  /** A row of scores for each example, from how its words are rated. */
  default double[][] rows(
      NamedTensors outputs, NamedTensors inputs, Function<WordScores.Known, double[]> row) {
    try (Scope scope = Scope.open()) {
      Tensor labels = targets(new double[0][], inputs).get("labels");
      return Arrays.stream(WordScores.of(outputs.get("logits").detach(), labels))
          .map(row)
          .toArray(double[][]::new);
    }
  }
}
