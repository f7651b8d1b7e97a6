package dev.graft.spi;

import dev.graft.model.Parameter;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** A rule that makes updates out of gradients. */
public interface Optimizer extends Plugin {

  /** Settings it understands, with their defaults; {@code lr} and {@code weight_decay} always. */
  List<Setting> settings();

  /**
   * Parameters that are treated alike.
   *
   * @param parameters what trains
   * @param rate factor on the learning rate
   * @param weightDecay decay of these parameters
   */
  record Share(List<Parameter> parameters, double rate, double weightDecay) {}

  /** The rule at work on some parameters; every parameter is in exactly one share. */
  Updater create(List<Share> shares, Settings settings);

  /** An optimizer with its state. */
  interface Updater extends AutoCloseable {

    /**
     * Updates every parameter that has a gradient; the gradients stay.
     *
     * @param learningRate before the factor of the share
     * @param momentum in place of the setting where the schedule moves it; NaN otherwise
     */
    void step(double learningRate, double momentum);

    /** State by parameter name and slot, for example {@code fc.weight/exp_avg}. */
    Map<String, HostTensor> state();

    /** Takes over the state of the parameters it has; others start anew. */
    void restore(Map<String, HostTensor> state);

    @Override
    void close();
  }
}
