package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** LoRA for directions, with lengths that train by themselves. */
public final class Dora extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "dora",
              "LoRA of the directions of a weight, lengths apart",
              "Liu et al. 2024, arXiv:2402.09353"),
          AdapterKind.Site.PROJECTIONS,
          LoraAdapter.settings(8, 8),
          AdapterKind.Maker.each(DoraAdapter::new),
          LoraAdapter.PEFT
              .fixed("use_dora", true)
              .fixed("use_rslora", false)
              .fixed("init_lora_weights", true));

  /** Makes the method. */
  public Dora() {
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
