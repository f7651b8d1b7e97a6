package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Trains some Fourier coefficients of the change of each weight. */
public final class FourierFt extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "fourierft",
              "trains some Fourier coefficients of the change of each weight",
              "Gao et al. 2024, arXiv:2405.03003"),
          AdapterKind.Site.PROJECTIONS,
          FourierAdapter.SETTINGS,
          AdapterKind.Maker.each(FourierAdapter::new));

  /** Makes the method. */
  public FourierFt() {
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
