package dev.graft.freezing;

import dev.graft.plan.Normalisation;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.List;

/**
 * Trains a head and lets the batch normalisation follow the new data: its statistics, its scale and
 * shift, or both. Convolutions stay frozen.
 */
public final class BnAdapt extends Strategy {

  private static final Recipe.Usual USUAL = new Recipe.Usual(Recipe.NEW_HEAD, 0.001, 12, 150);

  /** Makes the method. */
  public BnAdapt() {
    super(
        new About(
            "bn-adapt",
            "trains the head and adapts batch normalisation, convolutions stay frozen",
            "Li et al. 2017 (AdaBN); Frankle et al. 2021"),
        USUAL.settings(
            Setting.text(
                "adapt",
                "both",
                List.of("both", "statistics", "affine"),
                "what follows the data: running statistics, scale and shift, or both")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    if (subject.foldedNormalisation()) {
      throw refused(
          "the normalisation of this base is folded into its convolutions, there is nothing left to"
              + " adapt; use fine-tune or bitfit, or a base with separate normalisation");
    }
    if (Selection.normalisations(subject.model()).isEmpty()) {
      throw refused(
          "the network '%s' has no batch normalisation; use bitfit or fine-tune"
              .formatted(subject.model().spec().family()));
    }
    Normalisation normalisation =
        switch (settings.text("adapt")) {
          case "statistics" -> Normalisation.ADAPT_STATISTICS;
          case "affine" -> Normalisation.TRAIN_AFFINE;
          default -> Normalisation.FULL;
        };
    return plan.withPhases(
        List.of(
            Recipe.of(settings, subject, USUAL)
                .phase("bn-adapt", Rates.groups(List.of(Rates.head(subject.model())), 1))
                .withNormalisation(normalisation)));
  }
}
