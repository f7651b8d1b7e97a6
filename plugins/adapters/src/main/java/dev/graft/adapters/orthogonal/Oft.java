package dev.graft.adapters.orthogonal;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Rotates the inputs of each weight in blocks. */
public final class Oft extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "oft",
              "rotates the inputs of each weight in blocks",
              "Qiu et al. 2023, arXiv:2306.07280"),
          AdapterKind.Site.PROJECTIONS,
          OftAdapter.SETTINGS,
          AdapterKind.Maker.each(OftAdapter::new),
          PeftForm.of(
                  "OFT",
                  "block",
                  "oft_block_size",
                  "neumann",
                  "use_cayley_neumann",
                  "terms",
                  "num_cayley_neumann_terms")
              .fixed("coft", false)
              .fixed("block_share", false)
              .fixed("r", 0));

  /** Makes the method. */
  public Oft() {
    super(KIND, 3e-4);
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
