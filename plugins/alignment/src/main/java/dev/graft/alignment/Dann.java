package dev.graft.alignment;

import dev.graft.layers.Sequential;
import dev.graft.model.OwnLayers;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import dev.graft.tensor.Tensor;
import java.util.List;

/** DANN: features from which a discriminator cannot tell the domains apart. */
public final class Dann extends Alignment {

  private static final About ABOUT =
      new About(
          "dann",
          "features from which a discriminator cannot tell the domains",
          "Ganin et al. 2016, JMLR");

  private static final List<Setting> OWN =
      Reversal.settings(1, Setting.integer("width", 256, 1, 65_536, "width of the discriminator"));

  /** Makes the method. */
  public Dann() {
    super(ABOUT, weighted(1, "factor of the discriminator's loss", OWN), Looks.FEATURES);
  }

  /** The discriminator's loss. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      Sequential network =
          Discrimination.network(run.model().featureCount(), own.integer("width"), 1);
      Reversal reversal = Reversal.of(own);
      return PairTerm.onFeatures(
          run,
          new OwnLayers("dann.discriminator", "", network),
          (source, target, progress) -> {
            Tensor both = Discrimination.joined(source.features(), target.features());
            Tensor reversed = Reversal.reverse(both, reversal.coefficient(progress));
            long rows = source.features().size(0);
            return Discrimination.loss(network.apply(reversed), rows, null);
          });
    }
  }
}
