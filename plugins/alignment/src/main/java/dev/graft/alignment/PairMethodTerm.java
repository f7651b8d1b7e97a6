package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Term;
import java.util.List;

/** What the terms of this module have in common. */
abstract class PairMethodTerm implements Term {

  private final About about;
  private final List<Setting> settings;

  PairMethodTerm(About about, List<Setting> settings) {
    this.about = about;
    this.settings = settings;
  }

  @Override
  public final About about() {
    return about;
  }

  @Override
  public final List<Setting> settings() {
    return settings;
  }

  @Override
  public final BoundTerm bind(TermSpec spec, Run run) {
    return bind(spec.settings(), run);
  }

  /** The term with its settings. */
  abstract PairTerm bind(Settings own, Run run);
}
