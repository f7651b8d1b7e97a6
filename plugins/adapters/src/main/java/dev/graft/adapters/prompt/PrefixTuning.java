package dev.graft.adapters.prompt;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.PeftForm;
import dev.graft.spi.About;

/** Trains keys and values that stand in front of those of each attention. */
public final class PrefixTuning extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "prefix-tuning",
              "trains keys and values in front of those of each attention",
              "Li and Liang 2021, arXiv:2101.00190"),
          AdapterKind.Site.KEY_VALUES,
          PrefixAdapter.SETTINGS,
          PrefixAdapter::make,
          PeftForm.of("PREFIX_TUNING", "tokens", "num_virtual_tokens"));

  /** Makes the method. */
  public PrefixTuning() {
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
