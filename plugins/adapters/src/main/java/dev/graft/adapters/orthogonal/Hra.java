package dev.graft.adapters.orthogonal;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Reflects the inputs of each weight several times. */
public final class Hra extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "hra",
              "reflects the inputs of each weight several times",
              "Yuan et al. 2024, arXiv:2405.17484"),
          AdapterKind.Site.PROJECTIONS,
          HouseholderAdapter.SETTINGS,
          AdapterKind.Maker.each(HouseholderAdapter::new),
          PeftForm.of("HRA", "rank", "r", "orthonormal", "apply_GS"));

  /** Makes the method. */
  public Hra() {
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
