package dev.graft.freezing;

import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.List;

/**
 * Throws the pretrained weights away and trains the same network from random ones: the baseline
 * that says whether transferring helped. It needs more epochs than fine-tuning does.
 */
public final class FromScratch extends Strategy {

  private static final int PASSES = 40;

  private static final Recipe.Usual USUAL =
      new Recipe.Usual(new Recipe.SgdRate(0.05, 1), 0.001, PASSES, 600).withWordEpochs(12);

  /** Makes the method. */
  public FromScratch() {
    super(
        new About(
            "from-scratch",
            "random weights in place of the pretrained ones: the baseline; language models make "
                + PASSES
                + " passes",
            "He et al. 2019 (Rethinking ImageNet Pre-training)"),
        USUAL.settings());
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    Recipe.Usual usual = subject.task().keepsHead() ? USUAL.withWordEpochs(PASSES) : USUAL;
    Recipe recipe = Recipe.of(withOptimizer(settings, subject), subject, usual);
    return plan.withFromScratch(true)
        .withPhases(List.of(recipe.phase("from-scratch", Rates.groups(List.of(), 1))));
  }

  /**
   * Where nothing keeps activations in scale, neither do gradients stay in it: SqueezeNet on pixels
   * up to 255 has a first norm of 670, and steps of SGD leave no unit that still answers. Those of
   * AdamW do not grow with the gradient.
   */
  private static Settings withOptimizer(Settings settings, Subject subject) {
    boolean normalised = subject.foldedNormalisation() || Recipe.isNormalised(subject.model());
    return normalised || !settings.text("optimizer").equals(Setting.AUTO)
        ? settings
        : settings.with("optimizer", Recipe.ADAMW);
  }
}
