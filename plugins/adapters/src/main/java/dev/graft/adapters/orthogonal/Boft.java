package dev.graft.adapters.orthogonal;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Rotates the inputs of each weight in small blocks, again and again in another order. */
public final class Boft extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "boft",
              "rotates the inputs of each weight by butterflies of small blocks",
              "Liu et al. 2024, arXiv:2311.06243"),
          AdapterKind.Site.PROJECTIONS,
          BoftAdapter.SETTINGS,
          AdapterKind.Maker.each(BoftAdapter::new),
          PeftForm.of("BOFT", "block", "boft_block_size", "factors", "boft_n_butterfly_factor"));

  /** Makes the method. */
  public Boft() {
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
