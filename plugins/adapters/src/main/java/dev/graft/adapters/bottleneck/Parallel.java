package dev.graft.adapters.bottleneck;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.spi.About;

/** Bottlenecks beside the second map of the feed-forward, on convolutions with their own kernel. */
public final class Parallel extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "adapter-parallel",
              "bottlenecks beside the second map of the feed-forward, on convolutions with their"
                  + " own kernel",
              "He et al. 2022, arXiv:2110.04366; on convolutions Chen et al. 2022,"
                  + " arXiv:2208.07463"),
          AdapterKind.Site.FEED_FORWARD_ENDS,
          BottleneckAdapter.SETTINGS,
          AdapterKind.Maker.each(
              (host, settings) ->
                  new BottleneckAdapter(host, settings, BottleneckAdapter.Form.PARALLEL)));

  /** Makes the method. */
  public Parallel() {
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
