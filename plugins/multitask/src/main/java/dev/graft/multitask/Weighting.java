package dev.graft.multitask;

import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import dev.graft.spi.TermMethod;
import dev.graft.spi.TransferMethod;
import dev.graft.task.Task;
import dev.graft.train.OtherTaskTerm;
import java.util.ArrayList;
import java.util.List;

/**
 * A method that trains all tasks of a run together: every phase gets the loss of each, and a stream
 * for those with examples of their own. Where layers normalise by the batch, all streams go through
 * the network in one pass: normalised apart in training, they would be together in evaluation.
 */
abstract class Weighting implements TransferMethod {

  private final About about;
  private final List<Setting> settings;

  Weighting(About about, List<Setting> settings) {
    this.about = about;
    this.settings = settings;
  }

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

  /** The phase with the rule of the method in it. */
  abstract Phase ruled(Phase phase, Choice rule);

  /** Whether the method means something only where parameters train that the tasks share. */
  abstract boolean needsShared();

  @Override
  public Plan contribute(Plan plan, Settings own, Subject subject) {
    List<String> others = new ArrayList<>(subject.task().all().keySet());
    others.remove(Task.MAIN);
    if (others.isEmpty()) {
      throw refused(
          plan, "there is one task; name another (--task NAME=DIR, or --labels NAME=FILE)");
    }
    List<Phase> phases = new ArrayList<>();
    boolean used = false;
    for (Phase phase : plan.phases()) {
      check(plan, phase);
      Phase joined = joined(phase, others, subject);
      boolean rules = !needsShared() || TermMethod.movesFeatures(phase, plan, subject);
      used |= rules;
      phases.add(rules ? ruled(joined, new Choice(about.id(), own)) : joined);
    }
    if (!used) {
      throw refused(plan, "nothing trains that the tasks share; weigh them with 'equal'");
    }
    return plan.withPhases(phases);
  }

  private void check(Plan plan, Phase phase) {
    if (phase.solvesHead()) {
      throw refused(plan, "a phase solves a single linear head, and each task has its own");
    }
    if (!phase.updates().isEmpty()) {
      throw refused(plan, "another method makes several updates per step");
    }
    if (phase.regime().mixup() > 0 || phase.regime().cutmix() > 0) {
      throw refused(plan, "mixed examples have mixed labels for the first task alone");
    }
    if (!phase.combine().equals(Phase.SUM)
        || phase.terms().stream().anyMatch(term -> term.id().equals(OtherTaskTerm.ID))) {
      throw refused(plan, "the tasks are weighed already; choose one weighting");
    }
  }

  private IllegalArgumentException refused(Plan plan, String reason) {
    return plan.refusal(about.id(), reason);
  }

  private static Phase joined(Phase phase, List<String> others, Subject subject) {
    Stream first = phase.streams().get(0);
    boolean statistics = !Selection.normalisations(subject.model()).isEmpty();
    boolean joint = statistics || phase.regime().joint();
    Phase joined = phase.withRegime(phase.regime().withJoint(joint));
    for (String other : others) {
      String data = Task.dataName(other, "training");
      if (!subject.sameExamples().contains(data)) {
        joined =
            joined.plusStream(new Stream(data, first.batchSize(), first.views(), Stream.SHUFFLE));
      }
      joined = joined.plusTerm(OtherTaskTerm.of(other));
    }
    return joined;
  }

  /** A weighting whose rule has its id and its settings. */
  abstract static class ByRule extends Weighting {

    ByRule(About about, List<Setting> settings) {
      super(about, settings);
    }

    @Override
    Phase ruled(Phase phase, Choice rule) {
      return phase.withCombine(rule);
    }
  }
}
