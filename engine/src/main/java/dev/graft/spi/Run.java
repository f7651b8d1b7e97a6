package dev.graft.spi;

import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.task.Task;
import dev.graft.tensor.NamedTensors;
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

  /** Inputs and outputs in a form terms can run themselves. */
  default NamedTensors forward(Model model, NamedTensors inputs) {
    return model.forward(inputs);
  }
}
