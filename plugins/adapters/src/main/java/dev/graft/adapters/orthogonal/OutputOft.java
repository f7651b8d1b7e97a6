package dev.graft.adapters.orthogonal;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Rotates the outputs of each weight in blocks. */
public final class OutputOft extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "oft-output",
              "rotates the outputs of each weight in blocks",
              "Qiu et al. 2023, arXiv:2306.07280v1"),
          AdapterKind.Site.PROJECTIONS,
          OutputRotationAdapter.SETTINGS,
          AdapterKind.Maker.each(OutputRotationAdapter::new));

  /** Makes the method. */
  public OutputOft() {
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
