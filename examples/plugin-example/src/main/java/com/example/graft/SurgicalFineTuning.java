package com.example.graft;

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

/** Trains one group of the network and the head; everything else stays as it was pretrained. */
public final class SurgicalFineTuning implements TransferMethod {

  @Override
  public About about() {
    return new About(
        "surgical-fine-tuning",
        "trains one group and the head",
        "Lee et al. 2023, arXiv:2210.11466");
  }

  @Override
  public Role role() {
    return Role.STRATEGY;
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("group", "", List.of(), "name of the group that trains; empty: the first"),
        Setting.number("lr", 1e-3, 1e-8, 1, "learning rate"),
        Setting.integer("epochs", 10, 1, 1000, "passes over the training part"));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    var groups = subject.model().groups();
    String wanted = settings.text("group");
    int chosen = wanted.isEmpty() ? 0 : subject.model().groupIndex(wanted);
    List<String> training =
        List.of(groups.get(chosen).name(), groups.get(groups.size() - 1).name());
    Phase phase =
        Phase.of(
                "surgical",
                List.of(Selector.groups(training, 1)),
                Stream.training(16, Stream.NONE),
                Choice.of("adamw").with("lr", settings.number("lr")))
            .withLength(Length.epochs(settings.integer("epochs")));
    return plan.withPhases(List.of(phase));
  }
}
