package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** LoRA with a scale that keeps its size as the rank grows: alpha over the root of the rank. */
public final class RsLora extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "rslora",
              "LoRA scaled by alpha over the root of the rank",
              "Kalajdzievski 2023, arXiv:2312.03732"),
          AdapterKind.Site.PROJECTIONS,
          LoraAdapter.settings(8, 8),
          AdapterKind.Maker.each(
              (host, settings) ->
                  new LoraAdapter(
                      host,
                      settings,
                      settings.number("alpha") / Math.sqrt(settings.integer("rank")))),
          LoraAdapter.PEFT
              .fixed("use_dora", false)
              .fixed("use_rslora", true)
              .fixed("init_lora_weights", true));

  /** Makes the method. */
  public RsLora() {
    super(KIND, 5e-4);
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
