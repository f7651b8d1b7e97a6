package dev.graft.spi;

import dev.graft.model.Model;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Another model that goes along with a run, such as a teacher. It is frozen, in evaluation mode,
 * and reads the same tensors as the model that trains.
 *
 * @param model the network with its own head
 * @param labels the classes of its outputs in order; empty where nothing says
 */
public record Companion(Model model, List<String> labels) {

  /** Name of the companion that methods of distillation learn from. */
  public static final String TEACHER = "teacher";

  public Companion {
    labels = List.copyOf(labels);
  }

  /** A companion at work in one phase. */
  public interface View {

    /** Shapes of the outputs that are tapped, for one example: (1, …), by path. */
    Map<String, long[]> shapes();

    /**
     * What it says about the rows that a stream gave, without gradients. It is computed once
     * however many terms ask, and comes from a cache where the stream's views do not change.
     *
     * @param stream position of the stream in the phase
     */
    Seen see(Step step, int stream);
  }

  /**
   * What a companion said.
   *
   * @param outputs what it returned
   * @param taps outputs of the modules that were asked for, by path
   */
  public record Seen(NamedTensors outputs, Map<String, Tensor> taps) {}
}
