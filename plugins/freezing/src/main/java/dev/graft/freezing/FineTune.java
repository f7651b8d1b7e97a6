package dev.graft.freezing;

import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains the whole network, or its end, with the backbone at a lower rate than the new head.
 *
 * <p>With AdamW the backbone's rate is 0.0001 for a width of 768 and grows as the width falls, as
 * the best rate of Adam does (Yang et al. 2022); published ranges for small encoders agree.
 */
public final class FineTune extends Strategy {

  private static final double BACKBONE = 0.1;

  private static final Recipe.Usual USUAL =
      new Recipe.Usual(Recipe.NEW_HEAD, 0.001, 12, 150).withWordEpochs(4);

  /** Makes the method. */
  public FineTune() {
    super(
        new About(
            "fine-tune",
            "trains everything, the backbone at a lower rate than the head",
            "Yosinski et al. 2014; defaults: TLlib"),
        USUAL.settings(
            Setting.auto(
                "backbone",
                0,
                1,
                "rate of the backbone over that of the head; auto: 0.1, with adamw 0.1 * 768 /"
                    + " width, at most 1"),
            Setting.text(
                "from", "", List.of(), "first group that trains, the rest is frozen; empty: all")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    Model model = subject.model();
    String from = settings.text("from");
    int first = from.isEmpty() ? 0 : model.groupIndex(from);
    List<Selector> selectors = new ArrayList<>(Rates.groups(List.of(Rates.head(model)), 1));
    Recipe recipe = Recipe.of(settings, subject, USUAL);
    double backbone = settings.number("backbone", recipe.isAdam() ? ofWidth(model) : BACKBONE);
    selectors.addAll(Rates.groups(Rates.from(model, first), backbone));
    return plan.withPhases(List.of(recipe.phase("fine-tune", selectors)));
  }

  private static double ofWidth(Model model) {
    return Math.min(1, BACKBONE * Recipe.WIDTH / model.featureCount());
  }
}
