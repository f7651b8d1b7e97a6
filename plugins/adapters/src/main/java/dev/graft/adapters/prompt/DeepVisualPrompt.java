package dev.graft.adapters.prompt;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Trains tokens for each block of a vision transformer. */
public final class DeepVisualPrompt extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "vpt-deep",
              "trains tokens for each block of a vision transformer",
              "Jia et al. 2022, arXiv:2203.12119"),
          AdapterKind.Site.BLOCKS,
          PromptAdapter.SETTINGS,
          PromptAdapter::deep);

  /** Makes the method. */
  public DeepVisualPrompt() {
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
