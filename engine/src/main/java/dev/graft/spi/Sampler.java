package dev.graft.spi;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.util.List;
import java.util.random.RandomGenerator;

/** Decides in which order and how often the examples of a stream come. */
public interface Sampler extends Plugin {

  /** Settings it understands, with their defaults. */
  default List<Setting> settings() {
    return List.of();
  }

  /**
   * The order of one epoch; the loop cuts it into batches.
   *
   * @param targets one per example, as {@code Dataset.target} returns them
   * @param settings checked, with defaults filled in
   * @param random seeded by run, phase, stream and epoch
   * @return as many positions as there are targets; some may come twice and others not at all
   */
  int[] order(double[] targets, Settings settings, RandomGenerator random);
}
