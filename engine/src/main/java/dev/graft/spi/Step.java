package dev.graft.spi;

import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * One micro-batch as terms see it.
 *
 * @param update number of the update in this phase, from 0
 * @param batches what each stream gave, in the order of the phase's streams
 */
public record Step(long update, List<Part> batches) {

  /**
   * The share of one stream. Where a stream has several views, the rows of the first view of all
   * examples come first, then those of the second: N examples in V views are V·N rows, and {@code
   * targets} and {@code indices} repeat.
   *
   * @param inputs model inputs; empty where the frozen prefix came from the feature cache
   * @param targets targets as the task made them; empty where the examples have none
   * @param outputs what the model returned
   * @param taps outputs of the modules that terms asked for, by path
   * @param indices positions in the stream's data set
   */
  public record Part(
      NamedTensors inputs,
      NamedTensors targets,
      NamedTensors outputs,
      Map<String, Tensor> taps,
      int[] indices) {}

  /** The share of the first stream. */
  public Part first() {
    return batches.get(0);
  }
}
