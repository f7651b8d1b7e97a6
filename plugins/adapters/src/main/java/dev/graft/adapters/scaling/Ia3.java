package dev.graft.adapters.scaling;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.Host;
import dev.graft.adapters.PeftForm;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;

/** Scales keys, values and the inputs of the second feed-forward map. */
public final class Ia3 extends AdapterMethod {

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text(
              "feedforward",
              Setting.AUTO,
              List.of(),
              "layers whose inputs are scaled: a regular expression for the end of their paths, as"
                  + " for targets; auto: the second map of a feed-forward"));

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "ia3",
              "scales what some layers write, and what the feed-forward reads",
              "Liu et al. 2022, arXiv:2205.05638"),
          AdapterKind.Site.SCALED,
          SETTINGS,
          AdapterKind.Maker.each(Ia3::make),
          PeftForm.of("IA3").layers("feedforward", "feedforward_modules"));

  /** Makes the method. */
  public Ia3() {
    super(KIND, 5e-3);
  }

  private static Adapter make(Host host, Settings settings) {
    String pattern = settings.text("feedforward");
    boolean inputs =
        pattern.equals(Setting.AUTO)
            ? Host.isFeedForwardEnd(host.path())
            : !pattern.isEmpty() && host.path().matches("(.*\\.)?(" + pattern + ")");
    return new Ia3Adapter(host, inputs);
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
