package dev.graft.train.schedule;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.Schedule;
import java.util.ArrayList;
import java.util.List;

/**
 * A shape that follows a linear warm-up. In the warm-up of W updates, update t runs at t / W of the
 * rate: the first one at 0, as in the published transformer recipes.
 */
abstract class Warmed implements Schedule {

  private static final Setting WARMUP =
      Setting.number(
          "warmup", 0, 0, 1e9, "updates of linear rise from 0; below 1: a share of the phase");

  /** Where a shape starts and where it ends, in updates. */
  record Span(long start, long end) {

    /** 0 at the start, 1 at the end, beyond afterwards. */
    double progress(long update) {
      return (double) (update - start) / Math.max(1, end - start);
    }
  }

  /** The shape's own settings. */
  abstract List<Setting> own();

  /** The factor after the warm-up. */
  abstract Curve shape(Span span, Settings settings);

  @Override
  public final List<Setting> settings() {
    List<Setting> all = new ArrayList<>(own());
    all.add(WARMUP);
    return all;
  }

  @Override
  public final Curve bind(long total, Settings settings) {
    Settings checked = settings.checked(about().id(), settings());
    long warmup = updates(checked.number("warmup"), total);
    Curve shape = shape(new Span(warmup, total), checked);
    return update -> update < warmup ? (double) update / warmup : shape.rate(update);
  }

  /** A number of updates, where values below 1 are a share of all. */
  static long updates(double value, long total) {
    return Math.round(value < 1 ? value * total : value);
  }

  /** The setting that says where a falling shape ends. */
  static Setting end(double initial) {
    return Setting.number("end", initial, 0, 1, "factor that is left at the end of the phase");
  }
}
