package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Trains two vectors per layer around random matrices that all layers share. */
public final class Vera extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "vera",
              "trains two vectors per layer around shared random matrices",
              "Kopiczko et al. 2024, arXiv:2310.11454"),
          AdapterKind.Site.PROJECTIONS,
          VeraAdapter.SETTINGS,
          AdapterKind.Maker.each(VeraAdapter::new));

  /** Makes the method. */
  public Vera() {
    super(KIND, 1e-2);
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
