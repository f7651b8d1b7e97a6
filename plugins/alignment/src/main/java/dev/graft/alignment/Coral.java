package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import dev.graft.tensor.Tensor;
import java.util.List;

/** CORAL: means and covariances of both domains' features agree. */
public final class Coral extends Alignment {

  private static final About ABOUT =
      new About(
          "coral",
          "means and covariances of the features of both domains agree",
          "Sun and Saenko 2016, ECCV workshops; form: TLlib");

  private static final List<Setting> OWN = List.of();

  /** Makes the method. */
  public Coral() {
    super(ABOUT, weighted(1, "factor of the squared differences", OWN), Looks.FEATURES);
  }

  /** Mean squared difference of means and of covariances of features (N, D) and (M, D). */
  static Tensor loss(Tensor source, Tensor target) {
    Tensor means = source.mean(true, 0).sub(target.mean(true, 0)).pow(2).mean();
    return covariance(source).sub(covariance(target)).pow(2).mean().add(means);
  }

  private static Tensor covariance(Tensor rows) {
    Tensor centred = rows.sub(rows.mean(true, 0));
    double degrees = Math.max(1, rows.size(0) - 1);
    return centred.transpose(0, 1).matmul(centred).div(degrees);
  }

  /** The differences. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      return PairTerm.onFeatures(
          run, (source, target, progress) -> loss(source.features(), target.features()));
    }
  }
}
