package dev.graft.adapters.prompt;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Trains tokens that a vision transformer reads beside the image. */
public final class VisualPrompt extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "vpt",
              "trains tokens that a vision transformer reads beside the image",
              "Jia et al. 2022, arXiv:2203.12119"),
          AdapterKind.Site.TOKENS,
          PromptAdapter.SETTINGS,
          PromptAdapter::shallow);

  /** Makes the method. */
  public VisualPrompt() {
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
