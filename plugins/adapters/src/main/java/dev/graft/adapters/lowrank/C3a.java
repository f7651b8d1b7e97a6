package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Trains circulant blocks beside each weight. */
public final class C3a extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "c3a",
              "trains circulant blocks beside each weight",
              "Chen et al. 2024, arXiv:2407.19342"),
          AdapterKind.Site.PROJECTIONS,
          CirculantAdapter.SETTINGS,
          AdapterKind.Maker.each(CirculantAdapter::new),
          PeftForm.of("C3A", "block", "block_size"));

  /** Makes the method. */
  public C3a() {
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
