package dev.graft.multitask;

import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.spi.About;
import java.util.List;

/** The sum of the losses: each task counts as it would in a run of its own. */
public final class Equal extends Weighting {

  /** Makes the method. */
  public Equal() {
    super(
        new About("equal", "trains several tasks on the sum of their losses", "Caruana 1997"),
        List.of());
  }

  @Override
  Phase ruled(Phase phase, Choice rule) {
    return phase;
  }

  @Override
  boolean needsShared() {
    return false;
  }
}
