package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Trains a Kronecker product beside each weight. */
public final class Lokr extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "lokr",
              "trains a Kronecker product beside each weight",
              "Yeh et al. 2024, arXiv:2309.14859"),
          AdapterKind.Site.PROJECTIONS,
          LokrAdapter.SETTINGS,
          AdapterKind.Maker.each(LokrAdapter::new),
          PeftForm.of(
                  "LOKR",
                  "rank",
                  "r",
                  "decompose_both",
                  "decompose_both",
                  "factor",
                  "decompose_factor")
              .fixed("use_effective_conv2d", false));

  /** Makes the method. */
  public Lokr() {
    super(KIND, 3e-3);
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
