package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Trains one block for all stretches of columns of a weight. */
public final class Miss extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "miss",
              "trains one block that all stretches of columns of a weight share",
              "Kang and Yin 2024, arXiv:2409.15371"),
          AdapterKind.Site.PROJECTIONS,
          ShardAdapter.SETTINGS,
          AdapterKind.Maker.each(
              (host, settings) -> new ShardAdapter(host, settings, "miss_block")),
          PeftForm.of("MISS", "rank", "r").fixed("init_weights", true));

  /** Makes the method. */
  public Miss() {
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
