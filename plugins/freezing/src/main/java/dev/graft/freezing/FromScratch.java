package dev.graft.freezing;

import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.List;

/**
 * Throws the pretrained weights away and trains the same network from random ones: the baseline
 * that says whether transferring helped. It needs more epochs than the methods it is compared with.
 */
public final class FromScratch extends Strategy {

  private static final Recipe.Usual USUAL =
      new Recipe.Usual(new Recipe.SgdRate(0.05, 1), 0.001, 40, 600);

  /**
   * Bound on the gradient norm where nothing keeps activations in scale: SqueezeNet on pixels up to
   * 255 has a first norm of 670, and unbounded steps leave no unit that still answers.
   */
  private static final double UNNORMALISED_CLIP = 1;

  /** Makes the method. */
  public FromScratch() {
    super(
        new About(
            "from-scratch",
            "random weights in place of the pretrained ones: the baseline",
            "He et al. 2019 (Rethinking ImageNet Pre-training)"),
        USUAL.settings());
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    Recipe recipe = Recipe.of(settings, subject, USUAL);
    if (!subject.foldedNormalisation() && !Recipe.isNormalised(subject.model())) {
      recipe = recipe.withClipNorm(settings.number("clip_norm", UNNORMALISED_CLIP));
    }
    return plan.withFromScratch(true)
        .withPhases(List.of(recipe.phase("from-scratch", Rates.groups(List.of(), 1))));
  }
}
