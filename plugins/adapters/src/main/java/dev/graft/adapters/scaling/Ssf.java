package dev.graft.adapters.scaling;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;
import java.util.List;

/** Scales and shifts what every layer writes. */
public final class Ssf extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "ssf",
              "scales and shifts what every layer writes",
              "Lian et al. 2022, arXiv:2210.08823"),
          AdapterKind.Site.OPERATIONS,
          List.of(),
          AdapterKind.Maker.each((host, settings) -> new SsfAdapter(host)));

  /** Makes the method. */
  public Ssf() {
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
