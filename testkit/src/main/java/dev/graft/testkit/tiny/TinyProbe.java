package dev.graft.testkit.tiny;

import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import dev.graft.spi.TransferMethod;
import java.util.List;

/** A strategy that solves the head at once, without updates: additions are tried on it. */
public final class TinyProbe implements TransferMethod {

  @Override
  public About about() {
    return new About("tiny-probe", "solves the head, for tests", "none");
  }

  @Override
  public Role role() {
    return Role.STRATEGY;
  }

  @Override
  public List<Setting> settings() {
    return List.of();
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    var groups = subject.model().groups();
    String head = groups.get(groups.size() - 1).name();
    Phase phase =
        Phase.of(
                "solved",
                List.of(Selector.groups(List.of(head), 1)),
                Stream.training(8, Stream.NONE),
                Choice.of(Phase.SOLVER))
            .withLength(Length.epochs(1));
    return plan.withPhases(List.of(phase));
  }
}
