package dev.graft.train.schedule;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;

/** A straight line down. */
public final class Linear extends Warmed {

  @Override
  public About about() {
    return new About("linear", "a straight line down", "Devlin et al. 2019");
  }

  @Override
  List<Setting> own() {
    return List.of(end(0));
  }

  @Override
  Curve shape(Span span, Settings settings) {
    return Polynomial.falling(span, 1, settings.number("end"));
  }
}
