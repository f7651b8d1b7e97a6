package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import java.util.ArrayList;
import java.util.List;

/** LoRA whose ranks are shared out among the layers while it trains. */
public final class AdaLora extends AdapterMethod {

  static final About ABOUT =
      new About(
          "adalora",
          "LoRA whose ranks are shared out among the layers while it trains",
          "Zhang et al. 2023, arXiv:2303.10512");

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          ABOUT,
          AdapterKind.Site.PROJECTIONS,
          AdaLoraAdapter.SETTINGS,
          AdapterKind.Maker.each(AdaLoraAdapter::new));

  /** Makes the method. */
  public AdaLora() {
    super(KIND, 1e-3);
  }

  @Override
  protected List<Setting> extra() {
    List<Setting> all = new ArrayList<>(AdaLoraTerm.SETTINGS);
    all.add(Setting.number("orthogonality", 0.5, 0, 100, "weight of the bases' orthonormality"));
    return all;
  }

  @Override
  protected Plan finish(Plan plan, Settings settings) {
    Settings own = Settings.NONE;
    for (Setting setting : AdaLoraTerm.SETTINGS) {
      own = own.with(setting.key(), settings.values().get(setting.key()));
    }
    TermSpec term = new TermSpec(ABOUT.id(), own, settings.number("orthogonality"), 0);
    return plan.mapPhases(phase -> phase.plusTerm(term));
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
