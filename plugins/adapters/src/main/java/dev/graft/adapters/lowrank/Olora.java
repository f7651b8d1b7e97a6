package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** LoRA that starts from an orthonormal basis of the weight. */
public final class Olora extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "olora",
              "LoRA that starts from an orthonormal basis of the weight",
              "Büyükakyüz 2024, arXiv:2406.01775"),
          AdapterKind.Site.PROJECTIONS,
          LoraAdapter.settings(8, 8),
          AdapterKind.Maker.each(
              (host, settings) ->
                  new PrincipalAdapter(host, settings, PrincipalAdapter.Part.ORTHONORMAL)),
          LoraAdapter.PEFT
              .fixed("use_dora", false)
              .fixed("use_rslora", false)
              .fixed("init_lora_weights", "olora"));

  /** Makes the method. */
  public Olora() {
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
