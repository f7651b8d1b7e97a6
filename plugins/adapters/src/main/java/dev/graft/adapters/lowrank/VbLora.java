package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Trains low-rank matrices put together from a bank of vectors that all layers share. */
public final class VbLora extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "vb-lora",
              "trains low-rank matrices out of one bank of vectors",
              "Li et al. 2024, arXiv:2405.15179"),
          AdapterKind.Site.PROJECTIONS,
          VectorBankAdapter.SETTINGS,
          VectorBankAdapter::make);

  /** Makes the method. */
  public VbLora() {
    super(KIND, 5e-3);
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
