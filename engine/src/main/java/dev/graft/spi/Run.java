package dev.graft.spi;

import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.task.Task;
import dev.graft.tensor.NamedTensors;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a term may know about the run it is bound to. */
public interface Run {

  /** The model that trains. */
  Model model();

  /** The task. */
  Task task();

  /** The whole plan. */
  Plan plan();

  /** The phase the term is bound for. */
  Phase phase();

  /** Number of updates the phase makes if it does not end early. */
  long totalUpdates();

  /** Number of updates of an epoch of the phase. */
  long updatesPerEpoch();

  /**
   * Targets of some examples of a data set, as the task that it is for makes them.
   *
   * @param data name of a data set of the run
   * @param indices positions in it
   * @throws IllegalArgumentException if that task reads inputs as well
   */
  NamedTensors targets(String data, int[] indices);

  /**
   * Goes once over a data set of the run on the deterministic path, without gradients.
   *
   * @param data name of a stream's data set
   * @param visitor receives outputs and targets of each batch; they are gone when it returns
   */
  void forEachBatch(String data, Consumer<Step> visitor);

  /** A model like the one that trains, with the pretrained weights, frozen; opened once per run. */
  Model source();

  /**
   * A model of the term's own, like the one that trains: same surgery, same weights as now. The
   * term closes it.
   */
  Model copy();

  /**
   * Another model that goes along with the run; opened once per run.
   *
   * @throws IllegalArgumentException if the run has none of that name; the message lists what it
   *     has
   */
  Companion companion(String name);

  /**
   * A companion at work in this phase. Called while the term is bound.
   *
   * @param taps modules of the companion to record, by path, or {@code features}
   */
  Companion.View watch(String companion, List<String> taps);

  /** Shapes of outputs of modules of the model that trains, for one example: (1, …), by path. */
  Map<String, long[]> shapes(List<String> taps);

  /** Inputs and outputs in a form terms can run themselves. */
  default NamedTensors forward(Model model, NamedTensors inputs) {
    return model.forward(inputs);
  }
}
