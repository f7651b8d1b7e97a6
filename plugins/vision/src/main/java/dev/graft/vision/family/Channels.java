package dev.graft.vision.family;

/** Numbers of channels of networks that come in several widths. */
final class Channels {

  private static final long DIVISOR = 8;

  private Channels() {}

  /**
   * The multiple of 8 nearest to a number of channels, at least 8, and not more than a tenth below
   * it; the rule of all MobileNets from version 2 on.
   */
  static long rounded(double channels) {
    long nearest = Math.max(DIVISOR, (long) (channels + DIVISOR / 2.0) / DIVISOR * DIVISOR);
    return nearest < 0.9 * channels ? nearest + DIVISOR : nearest;
  }
}
