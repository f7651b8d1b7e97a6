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
   * @param outputs what the model returned; of a model with several tasks, {@code logits} are those
   *     of the task that the stream's data are for
   * @param taps outputs of the modules that terms asked for, by path
   * @param indices positions in the stream's data set
   */
  public record Part(
      NamedTensors inputs,
      NamedTensors targets,
      NamedTensors outputs,
      Map<String, Tensor> taps,
      int[] indices) {

    /**
     * What enters the head, (N, D), for terms that tap {@link BoundTerm.Needs#FEATURES}: of a
     * sequence (N, L, D) and of maps (N, D, H, W) the mean over the positions.
     */
    public Tensor features() {
      return pooled(taps.get(BoundTerm.Needs.FEATURES));
    }

    /** The mean over the positions of a sequence or of maps; (N, D) as it is. */
    public static Tensor pooled(Tensor features) {
      return switch (features.dim()) {
        case 3 -> features.mean(false, 1);
        case 4 -> features.mean(false, 2, 3);
        default -> features;
      };
    }
  }

  /** The share of the first stream. */
  public Part first() {
    return batches.get(0);
  }
}
