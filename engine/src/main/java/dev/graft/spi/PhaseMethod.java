package dev.graft.spi;

import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.util.ArrayList;
import java.util.List;

/** An addition that changes the phases of a plan in which it means something, each in one way. */
public abstract class PhaseMethod implements TransferMethod {

  private final About about;
  private final List<Setting> settings;

  /** A method with settings. */
  protected PhaseMethod(About about, List<Setting> settings) {
    this.about = about;
    this.settings = List.copyOf(settings);
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

  /**
   * Why the method means nothing in a phase; empty where it means something. Phases without
   * objection are changed; if there is none, the plan is refused with the last reason.
   */
  protected abstract String objection(Phase phase, Plan plan, Subject subject);

  /** A phase with what the method adds. */
  protected abstract Phase added(Phase phase, Settings all, Subject subject);

  @Override
  public Plan contribute(Plan plan, Settings all, Subject subject) {
    List<Phase> phases = new ArrayList<>();
    String reason = "the plan trains nothing";
    boolean used = false;
    for (Phase phase : plan.phases()) {
      String objection = solved(phase) + objection(phase, plan, subject);
      used |= objection.isEmpty();
      reason = objection.isEmpty() ? reason : objection;
      phases.add(objection.isEmpty() ? added(phase, all, subject) : phase);
    }
    if (!used) {
      throw refused(plan, reason);
    }
    return plan.withPhases(phases);
  }

  private static String solved(Phase phase) {
    return phase.solvesHead() ? "its head is solved exactly, without updates" : "";
  }

  /** A refusal that names this method, those before it, and the reason. */
  protected final IllegalArgumentException refused(Plan plan, String reason) {
    return plan.refusal(about.id(), reason);
  }
}
