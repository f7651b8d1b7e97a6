package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import java.util.List;

/**
 * FixMatch: a sure guess from a weakly changed example is the label of the strongly changed one.
 */
public final class FixMatch extends TwoViews {

  private static final About ABOUT =
      new About(
          "fixmatch",
          "sure guesses on weak views are the labels of strong views",
          "Sohn et al. 2020, NeurIPS");

  private static final List<Setting> OWN =
      List.of(Setting.number("threshold", 0.95, 0, 1, "probability from which a guess is sure"));

  /** Makes the method. */
  public FixMatch() {
    super(ABOUT, weighted(1, "factor of the cross entropy", OWN));
  }

  /** The cross entropy. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      double threshold = own.number("threshold");
      return PairTerm.onPredictions(
          run,
          (source, target, progress) -> {
            Logits logits = Logits.of(target);
            return SelfTraining.pseudoLabels(logits.strong(), logits.weak(), threshold);
          });
    }
  }
}
