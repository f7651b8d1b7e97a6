package dev.graft.freezing;

import dev.graft.plan.Setting;
import dev.graft.spi.About;
import dev.graft.spi.TransferMethod;
import java.util.List;

/** A method that makes the phases of a plan. */
abstract class Strategy implements TransferMethod {

  private final About about;
  private final List<Setting> settings;

  Strategy(About about, List<Setting> settings) {
    this.about = about;
    this.settings = settings;
  }

  @Override
  public final About about() {
    return about;
  }

  @Override
  public final Role role() {
    return Role.STRATEGY;
  }

  @Override
  public final List<Setting> settings() {
    return settings;
  }

  final IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException("method '%s': %s".formatted(about.id(), reason));
  }
}
