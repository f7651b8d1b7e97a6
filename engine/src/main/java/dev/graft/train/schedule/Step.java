package dev.graft.train.schedule;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.Arrays;
import java.util.List;

/** Constant between milestones, smaller after each. */
public final class Step extends Warmed {

  @Override
  public About about() {
    return new About("step", "falls by a factor at each milestone", "He et al. 2016");
  }

  @Override
  List<Setting> own() {
    return List.of(
        Setting.text(
            "milestones",
            "0.6/0.85",
            List.of(),
            "updates after which the rate falls, joined by slashes; below 1: shares of the phase"),
        Setting.number("gamma", 0.1, 0, 1, "factor at each milestone"));
  }

  @Override
  Curve shape(Span span, Settings settings) {
    double gamma = settings.number("gamma");
    long[] milestones = milestones(settings.text("milestones"), span.end());
    return update -> {
      double factor = 1;
      for (long milestone : milestones) {
        factor *= update >= milestone ? gamma : 1;
      }
      return factor;
    };
  }

  private static long[] milestones(String text, long total) {
    try {
      return Arrays.stream(text.split("/"))
          .mapToLong(part -> updates(Double.parseDouble(part.strip()), total))
          .toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "milestones of step are '%s'; write numbers joined by slashes, for example 0.6/0.85"
              .formatted(text),
          e);
    }
  }
}
