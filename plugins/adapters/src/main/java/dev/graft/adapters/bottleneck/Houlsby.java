package dev.graft.adapters.bottleneck;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Bottlenecks behind attention and behind the feed-forward. */
public final class Houlsby extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "adapter-houlsby",
              "bottlenecks behind attention and behind the feed-forward",
              "Houlsby et al. 2019, arXiv:1902.00751; on convolutions Rebuffi et al. 2017"),
          AdapterKind.Site.BRANCH_ENDS,
          BottleneckAdapter.SETTINGS,
          AdapterKind.Maker.each(
              (host, settings) ->
                  new BottleneckAdapter(host, settings, BottleneckAdapter.Form.ROW)));

  /** Makes the method. */
  public Houlsby() {
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
