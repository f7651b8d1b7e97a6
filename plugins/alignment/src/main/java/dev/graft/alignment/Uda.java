package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import java.util.List;

/**
 * UDA: the sharpened prediction of a weakly changed example is asked of the strongly changed one.
 */
public final class Uda extends TwoViews {

  private static final About ABOUT =
      new About(
          "uda",
          "predictions on strong views follow the sharpened ones on weak views",
          "Xie et al. 2020, NeurIPS");

  private static final List<Setting> OWN =
      List.of(
          Setting.number("threshold", 0.8, 0, 1, "probability from which a guess counts"),
          Setting.number("temperature", 0.4, 0.01, 100, "sharpens the guess"));

  /** Makes the method. */
  public Uda() {
    super(ABOUT, weighted(1, "factor of the divergence", OWN));
  }

  /** The divergence. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      double threshold = own.number("threshold");
      double temperature = own.number("temperature");
      return PairTerm.onPredictions(
          run,
          (source, target, progress) -> {
            Logits logits = Logits.of(target);
            return SelfTraining.consistency(logits.strong(), logits.weak(), threshold, temperature);
          });
    }
  }
}
