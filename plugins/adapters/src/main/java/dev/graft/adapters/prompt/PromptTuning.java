package dev.graft.adapters.prompt;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/**
 * Trains tokens in front of those of a text. They stand in front of what the embeddings give, with
 * their positions in it; PEFT puts them in front of the words, before positions are added, so that
 * its files say something else.
 */
public final class PromptTuning extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "prompt-tuning",
              "trains tokens in front of those of a text",
              "Lester et al. 2021, arXiv:2104.08691"),
          AdapterKind.Site.SEQUENCE,
          PromptAdapter.SETTINGS,
          PromptAdapter::front);

  /** Makes the method. */
  public PromptTuning() {
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
