package dev.graft.train.schedule;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;

/** The same factor from each update to the next. */
public final class Exponential extends Warmed {

  @Override
  public About about() {
    return new About("exponential", "the same factor at each update", "common practice");
  }

  @Override
  List<Setting> own() {
    return List.of(end(0.01));
  }

  @Override
  Curve shape(Span span, Settings settings) {
    double end = settings.number("end");
    return update -> Math.pow(end, span.progress(update));
  }
}
