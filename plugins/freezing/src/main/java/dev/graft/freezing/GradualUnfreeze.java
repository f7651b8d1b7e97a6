package dev.graft.freezing;

import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * Unfreezes from the head downwards, one phase per step. What was unfrozen k steps after the head
 * trains at rate / 2.6^k; each phase starts at half the rate of the one before and lasts as long,
 * the last one twice as long.
 */
public final class GradualUnfreeze extends Strategy {

  /**
   * The phases share the updates, and AdamW's steps are small: with 150 in all a text encoder with
   * 32 examples of each class ended below a linear probe.
   */
  private static final Recipe.Usual USUAL =
      new Recipe.Usual(Recipe.NEW_HEAD, 0.001, 15, 150)
          .withAdamUpdates(600)
          .withAdamRateOf(Recipe.WIDTH);

  /** Makes the method. */
  public GradualUnfreeze() {
    super(
        new About(
            "gradual-unfreeze",
            "unfreezes from the head downwards, with rates that fall with depth",
            "Howard and Ruder 2018 (ULMFiT)"),
        USUAL.settings(
            Setting.integer("steps", 4, 2, 100, "phases; at most one per group"),
            Setting.number("divisor", 2.6, 1, 100, "factor between the rates of two steps")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    Model model = subject.model();
    int groups = model.groups().size();
    int steps = Math.min(settings.integer("steps"), groups);
    Recipe recipe = Recipe.of(settings, subject, USUAL);
    int epochs = Math.max(1, recipe.epochs() / (steps + 1));
    List<Phase> phases = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      boolean last = step == steps - 1;
      Recipe own = recipe.scaled(Math.pow(0.5, step)).withEpochs(last ? 2 * epochs : epochs);
      phases.add(
          own.phase(
                  "unfreeze-" + (step + 1),
                  selectors(model, first(groups, steps), step, settings.number("divisor")))
              .withSchedule(Choice.of("one-cycle").with("form", "fastai").with("final_div", 1e5)));
    }
    return plan.withPhases(phases);
  }

  /** For each step the position of the first group that trains in it; the last is 0. */
  static int[] first(int groups, int steps) {
    int[] first = new int[steps];
    for (int step = 0; step < steps; step++) {
      double share = (double) step / (steps - 1);
      first[step] = groups - 1 - (int) Math.round((groups - 1) * share);
    }
    return first;
  }

  private static List<Selector> selectors(Model model, int[] first, int step, double divisor) {
    List<Selector> selectors = new ArrayList<>();
    for (int depth = 0; depth <= step; depth++) {
      int end = depth == 0 ? model.groups().size() : first[depth - 1];
      List<String> names = Rates.from(model, first[depth]).subList(0, end - first[depth]);
      selectors.addAll(Rates.groups(names, Math.pow(divisor, -depth)));
    }
    return selectors;
  }
}
