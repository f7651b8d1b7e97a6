package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Trains an affine map of the blocks of each weight. */
public final class Bone extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "bone",
              "trains an affine map of the blocks of each weight",
              "Kang and Yin 2024, arXiv:2409.15371v1"),
          AdapterKind.Site.PROJECTIONS,
          ShardAdapter.SETTINGS,
          AdapterKind.Maker.each(BlockAffineAdapter::new),
          PeftForm.of("BONE", "rank", "r").fixed("init_weights", "bat"));

  /** Makes the method. */
  public Bone() {
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
