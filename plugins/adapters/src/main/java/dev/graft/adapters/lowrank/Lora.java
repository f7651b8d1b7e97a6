package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Trains a low-rank matrix beside each weight. */
public final class Lora extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "lora",
              "trains a low-rank matrix beside each weight",
              "Hu et al. 2021, arXiv:2106.09685"),
          AdapterKind.Site.PROJECTIONS,
          LoraAdapter.settings(8, 8),
          AdapterKind.Maker.each(LoraAdapter::new),
          LoraAdapter.PEFT
              .fixed("use_dora", false)
              .fixed("use_rslora", false)
              .fixed("init_lora_weights", true));

  /** Makes the method. */
  public Lora() {
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
