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

/** Trains the whole network, or its end, with the backbone at a lower rate than the new head. */
public final class FineTune extends Strategy {

  private static final Recipe.Usual USUAL = new Recipe.Usual(Recipe.NEW_HEAD, 0.001, 12, 150);

  /** Makes the method. */
  public FineTune() {
    super(
        new About(
            "fine-tune",
            "trains everything, the backbone at a tenth of the head's rate",
            "Yosinski et al. 2014; defaults: TLlib"),
        USUAL.settings(
            Setting.number("backbone", 0.1, 0, 1, "rate of the backbone over that of the head"),
            Setting.text(
                "from", "", List.of(), "first group that trains, the rest is frozen; empty: all")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    Model model = subject.model();
    String from = settings.text("from");
    int first = from.isEmpty() ? 0 : model.groupIndex(from);
    List<Selector> selectors = new ArrayList<>(Rates.groups(List.of(Rates.head(model)), 1));
    selectors.addAll(Rates.groups(Rates.from(model, first), settings.number("backbone")));
    Recipe recipe = Recipe.of(settings, subject, USUAL);
    return plan.withPhases(List.of(recipe.phase("fine-tune", selectors)));
  }
}
