package dev.graft.train.schedule;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;

/** The same rate at every update. */
public final class Constant extends Warmed {

  @Override
  public About about() {
    return new About("constant", "the same rate at every update", "common practice");
  }

  @Override
  List<Setting> own() {
    return List.of();
  }

  @Override
  Curve shape(Span span, Settings settings) {
    return update -> 1;
  }
}
