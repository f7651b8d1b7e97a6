package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** LoRA that starts from the largest singular values of the weight. */
public final class Pissa extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "pissa",
              "LoRA that starts from the largest singular values of the weight",
              "Meng et al. 2024, arXiv:2404.02948"),
          AdapterKind.Site.PROJECTIONS,
          LoraAdapter.settings(8, 8),
          AdapterKind.Maker.each(
              (host, settings) ->
                  new PrincipalAdapter(host, settings, PrincipalAdapter.Part.SINGULAR)),
          LoraAdapter.PEFT
              .fixed("use_dora", false)
              .fixed("use_rslora", false)
              .fixed("init_lora_weights", "pissa"));

  /** Makes the method. */
  public Pissa() {
    super(KIND, 2e-4);
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
