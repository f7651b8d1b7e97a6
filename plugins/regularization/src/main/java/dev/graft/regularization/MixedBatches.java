package dev.graft.regularization;

import dev.graft.layers.Embedding;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Regime;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import dev.graft.spi.TransferMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * Training on mixtures of two examples and of their labels: switches on, phase by phase, what the
 * trainer does with its batches. A teacher sees the mixtures too.
 */
abstract sealed class MixedBatches implements TransferMethod permits Mixup, Cutmix {

  private final About about;
  private final List<Setting> settings;

  MixedBatches(About about, double alpha) {
    this.about = about;
    this.settings =
        List.of(
            Setting.number(
                "alpha",
                alpha,
                0.001,
                100,
                "α of the beta distribution of the shares; 1: uniform"));
  }

  /** The regime with this way of mixing. */
  abstract Regime mixing(Regime regime, double alpha);

  /** Why this network's inputs cannot be mixed in this way; empty where they can. */
  abstract String objection(Subject subject);

  @Override
  public final About about() {
    return about;
  }

  @Override
  public final Role role() {
    return Role.ADDITION;
  }

  @Override
  public final List<Setting> settings() {
    return settings;
  }

  @Override
  public final Plan contribute(Plan plan, Settings all, Subject subject) {
    List<Phase> phases = new ArrayList<>();
    String reason = "the plan trains nothing";
    boolean used = false;
    for (Phase phase : plan.phases()) {
      String objection = objection(phase, subject);
      used |= objection.isEmpty();
      reason = objection.isEmpty() ? reason : objection;
      phases.add(
          objection.isEmpty()
              ? phase.withRegime(mixing(phase.regime(), all.number("alpha")))
              : phase);
    }
    if (!used) {
      throw new IllegalArgumentException(
          "'%s' means nothing with %s: %s"
              .formatted(
                  about.id(),
                  plan.methods().stream().map(Choice::id).map(id -> "'" + id + "'").toList(),
                  reason));
    }
    return plan.withPhases(phases);
  }

  private String objection(Phase phase, Subject subject) {
    if (phase.solvesHead()) {
      return "its head is solved exactly, without batches";
    }
    if (!subject.task().classifies()) {
      return "the task does not choose a class for each example";
    }
    if (phase.streams().get(0).views().size() > 1) {
      return "the batches hold several views already";
    }
    boolean words =
        subject.model().modules().values().stream().anyMatch(Embedding.class::isInstance);
    return words ? "the network reads ids, which have no mixture" : objection(subject);
  }
}
