package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Trains the Hadamard product of two low-rank matrices beside each weight. */
public final class Loha extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "loha",
              "trains the Hadamard product of two low-rank matrices beside each weight",
              "Hyeon-Woo et al. 2022, arXiv:2108.06098; Yeh et al. 2024"),
          AdapterKind.Site.PROJECTIONS,
          LohaAdapter.SETTINGS,
          AdapterKind.Maker.each(LohaAdapter::new),
          PeftForm.of("LOHA", "rank", "r", "alpha", "alpha", "tucker", "use_effective_conv2d"));

  /** Makes the method. */
  public Loha() {
    super(KIND, 1e-3);
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
