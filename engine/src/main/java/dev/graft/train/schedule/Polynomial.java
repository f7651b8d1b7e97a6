package dev.graft.train.schedule;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;

/** A power of the share of updates that is left. */
public final class Polynomial extends Warmed {

  @Override
  public About about() {
    return new About("polynomial", "a power of the share that is left", "Liu et al. 2015");
  }

  @Override
  List<Setting> own() {
    return List.of(Setting.number("power", 2, 0, 10, "exponent; 1 is a straight line"), end(0));
  }

  @Override
  Curve shape(Span span, Settings settings) {
    return falling(span, settings.number("power"), settings.number("end"));
  }

  static Curve falling(Span span, double power, double end) {
    return update -> {
      double left = Math.max(0, 1 - span.progress(update));
      return end + (1 - end) * Math.pow(left, power);
    };
  }
}
