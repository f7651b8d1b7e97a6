package dev.graft.spi;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.util.List;

/** A shape of the learning rate over a phase. */
public interface Schedule extends Plugin {

  /** Settings it understands, with their defaults. */
  default List<Setting> settings() {
    return List.of();
  }

  /** The curve for a phase of {@code total} updates. */
  Curve bind(long total, Settings settings);

  /** A bound schedule. Pure. */
  interface Curve {

    /** Factor on the learning rate at an update, from 0. */
    double rate(long update);

    /** Momentum at an update; NaN leaves the optimizer's own. */
    default double momentum(long update) {
      return Double.NaN;
    }
  }
}
