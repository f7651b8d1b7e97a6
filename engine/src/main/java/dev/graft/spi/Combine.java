package dev.graft.spi;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A rule that makes one gradient out of those of several terms. The plain weighted sum needs no
 * rule: a plan calls it {@code sum}, and the loop makes it in one backward pass.
 */
public interface Combine extends Plugin {

  /** Settings it understands, with their defaults. */
  default List<Setting> settings() {
    return List.of();
  }

  /**
   * The gradient of the update. Called in the scope of the step, without recording.
   *
   * @param gradients one list per term in the order of the phase, with one tensor per parameter;
   *     the terms' weights are in them already
   * @param settings checked, with defaults filled in
   * @param random seeded by run, phase and update
   * @return one tensor per parameter, in the same order
   */
  List<Tensor> combine(List<List<Tensor>> gradients, Settings settings, RandomGenerator random);
}
