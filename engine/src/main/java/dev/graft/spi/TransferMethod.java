package dev.graft.spi;

import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.util.List;

/** A method of transfer learning: edits the plan, never trains anything itself. */
public interface TransferMethod extends Plugin {

  /** What a method does to a plan. */
  enum Role {
    /** Decides what trains: makes the phases. A plan has exactly one. */
    STRATEGY,
    /** Adds to the phases that a strategy made. */
    ADDITION
  }

  /** What it does to a plan. */
  Role role();

  /** Settings it understands, with their defaults. */
  List<Setting> settings();

  /**
   * The plan with this method in it.
   *
   * @param plan what the methods before this one made
   * @param settings checked, with defaults filled in
   * @param subject what the plan will be carried out on
   * @throws IllegalArgumentException if the method means nothing here or conflicts with another;
   *     the message names both and the reason
   */
  Plan contribute(Plan plan, Settings settings, Subject subject);
}
