package dev.graft.train;

import dev.graft.plan.Choice;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.spi.TransferMethod;
import java.util.ArrayList;
import java.util.List;

/** Makes a plan out of methods: one strategy decides what trains, additions add to it. */
public final class Planner {

  /** The strategy behind additions that are asked for without one. */
  public static final String DEFAULT_STRATEGY = "fine-tune";

  private Planner() {}

  /**
   * Reads methods as typed: ids separated by commas, each with its settings behind colons, for
   * example {@code fine-tune:lr=0.01:epochs=5,l2-sp}.
   *
   * @throws IllegalArgumentException if a setting has no {@code =}
   */
  public static List<Choice> parse(String text) {
    List<Choice> methods = new ArrayList<>();
    for (String method : text.split(",")) {
      String[] parts = method.strip().split(":");
      Choice choice = Choice.of(parts[0]);
      for (int i = 1; i < parts.length; i++) {
        String[] pair = parts[i].split("=", 2);
        if (pair.length != 2) {
          throw new IllegalArgumentException(
              "'%s' in '%s' is no setting; write id:key=value:key=value"
                  .formatted(parts[i], method));
        }
        choice = choice.with(pair[0].strip(), pair[1].strip());
      }
      methods.add(choice);
    }
    return methods;
  }

  /**
   * The plan of some methods, strategy first.
   *
   * @throws IllegalArgumentException if there are two strategies, a setting is wrong, or a method
   *     refuses what the others made; the message names the methods and the reason
   */
  public static Plan plan(List<Choice> methods, long seed, Subject subject, Registry registry) {
    List<Choice> strategies = new ArrayList<>();
    List<Choice> additions = new ArrayList<>();
    for (Choice choice : methods) {
      boolean strategy =
          registry.get(TransferMethod.class, choice.id()).role() == TransferMethod.Role.STRATEGY;
      (strategy ? strategies : additions).add(choice);
    }
    if (strategies.size() > 1) {
      throw new IllegalArgumentException(
          "'%s' and '%s' both decide what trains; choose one of them"
              .formatted(strategies.get(0).id(), strategies.get(1).id()));
    }
    if (strategies.isEmpty()) {
      strategies.add(Choice.of(DEFAULT_STRATEGY));
    }
    Plan plan = Plan.start(seed);
    strategies.addAll(additions);
    for (Choice choice : strategies) {
      TransferMethod method = registry.get(TransferMethod.class, choice.id());
      Settings settings = choice.settings().checked(choice.id(), method.settings());
      plan =
          method.contribute(plan, settings, subject).plusMethod(new Choice(choice.id(), settings));
    }
    return plan;
  }
}
