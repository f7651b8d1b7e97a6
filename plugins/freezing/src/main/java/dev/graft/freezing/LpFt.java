package dev.graft.freezing;

import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.List;

/**
 * Solves a linear head first, then trains everything at a low rate, so that the gradients of a
 * random head never reach the features.
 */
public final class LpFt extends Strategy {

  /** A tenth of what fine-tuning a random head uses. */
  private static final Recipe.Usual USUAL =
      new Recipe.Usual(new Recipe.SgdRate(0.001, 1), 0.0001, 12, 150).withWordEpochs(4);

  /** Makes the method. */
  public LpFt() {
    super(
        new About(
            "lp-ft",
            "linear probe first, then everything at a tenth of the usual rate",
            "Kumar et al. 2022"),
        USUAL.settings(
            Setting.text(
                "l2",
                "grid",
                List.of(),
                "probe: strength of the penalty, or grid: the best of five on the validation part"),
            Setting.flag("standardise", true, "probe: whether features are scaled to std 1")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    // The second phase selects on the validation part: the probe must not have seen it.
    Phase probe = LinearProbing.exact("probe", subject, settings.with("refit", false));
    Recipe recipe = Recipe.of(settings, subject, USUAL);
    return plan.withPhases(List.of(probe, recipe.phase("fine-tune", Rates.groups(List.of(), 1))));
  }
}
