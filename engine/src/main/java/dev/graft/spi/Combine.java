package dev.graft.spi;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.util.List;

/**
 * A rule for the losses of several terms: how much each counts, or how their gradients become one.
 * Binds itself to a run; the bound rule holds the state. The plain weighted sum needs no rule: a
 * plan calls it {@code sum}.
 */
public interface Combine extends Plugin {

  /** Settings it understands, with their defaults. */
  default List<Setting> settings() {
    return List.of();
  }

  /**
   * The rule for one phase of one run.
   *
   * @param settings checked, with defaults filled in
   */
  BoundCombine bind(Settings settings, Run run);
}
