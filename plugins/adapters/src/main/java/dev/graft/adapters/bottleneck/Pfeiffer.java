package dev.graft.adapters.bottleneck;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Bottlenecks behind the feed-forward. */
public final class Pfeiffer extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "adapter-pfeiffer",
              "bottlenecks behind the feed-forward",
              "Pfeiffer et al. 2021, arXiv:2005.00247"),
          AdapterKind.Site.FEED_FORWARD_ENDS,
          BottleneckAdapter.SETTINGS,
          AdapterKind.Maker.each(
              (host, settings) ->
                  new BottleneckAdapter(host, settings, BottleneckAdapter.Form.ROW)));

  /** Makes the method. */
  public Pfeiffer() {
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
