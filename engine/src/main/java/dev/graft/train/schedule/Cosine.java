package dev.graft.train.schedule;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;

/** A cosine wave: half a wave down, or several, or with restarts at the top. */
public final class Cosine extends Warmed {

  @Override
  public About about() {
    return new About("cosine", "half a cosine wave down", "Loshchilov and Hutter 2017");
  }

  @Override
  List<Setting> own() {
    return List.of(
        end(0),
        Setting.number("flat", 0, 0, 1, "share of the phase at full rate before the descent"),
        Setting.number("cycles", 0.5, 0, 1000, "waves; with restarts, descents"),
        Setting.flag("restarts", false, "whether each descent starts again at the top"));
  }

  @Override
  Curve shape(Span span, Settings settings) {
    double flat = settings.number("flat");
    double end = settings.number("end");
    double cycles = settings.number("cycles");
    boolean restarts = settings.flag("restarts");
    return update -> {
      double progress = Math.max(0, span.progress(update) - flat) / Math.max(1e-12, 1 - flat);
      double wave =
          restarts ? restarting(cycles, progress) : Math.cos(2 * Math.PI * cycles * progress);
      return end + (1 - end) * (1 + wave) / 2;
    };
  }

  private static double restarting(double cycles, double progress) {
    return progress >= 1 ? -1 : Math.cos(Math.PI * (cycles * progress % 1));
  }
}
