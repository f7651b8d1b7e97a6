package dev.graft.testkit.tiny;

import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TransferMethod;
import java.util.List;

/** The addition that strategies are tried with: a penalty on the square of the outputs. */
public final class TinyPenalty implements TransferMethod {

  private static final String ID = "tiny-penalty";

  @Override
  public About about() {
    return new About(ID, "a penalty on large outputs, for tests", "none");
  }

  @Override
  public Role role() {
    return Role.ADDITION;
  }

  @Override
  public List<Setting> settings() {
    return List.of(Setting.number("weight", 0.01, 0, 10, "factor of the penalty"));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    TermSpec term = new TermSpec(ID, Settings.NONE, settings.number("weight"), 0);
    return plan.mapPhases(phase -> phase.plusTerm(term));
  }

  /** The mean square of the logits. */
  public static final class Squares implements Term {

    @Override
    public About about() {
      return new About(ID, "the mean square of the logits, for tests", "none");
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return step -> step.first().outputs().get("logits").pow(2).mean();
    }
  }
}
