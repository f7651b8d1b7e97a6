package dev.graft.plan;

/**
 * How updates are computed in a phase.
 *
 * @param accumulate micro-batches per update, 1 for none
 * @param clipNorm bound on the global gradient norm; 0: none
 * @param mixup parameter α of mixup's beta distribution; 0: off
 * @param cutmix parameter α of cutmix's beta distribution; 0: off
 * @param ema decay of a moving average of the weights that is evaluated and kept; 0: off
 * @param bf16 whether the forward pass of trained groups runs in bfloat16
 * @param joint whether the batches of all streams go through the network in one pass, so that
 *     normalisation layers see them as one batch
 */
public record Regime(
    int accumulate,
    double clipNorm,
    double mixup,
    double cutmix,
    double ema,
    boolean bf16,
    boolean joint) {

  /** One batch per update, nothing else. */
  public static final Regime PLAIN = new Regime(1, 0, 0, 0, 0, false, false);

  /** With a bound on the global gradient norm. */
  public Regime withClipNorm(double value) {
    return new Regime(accumulate, value, mixup, cutmix, ema, bf16, joint);
  }

  /** With micro-batches. */
  public Regime withAccumulate(int value) {
    return new Regime(value, clipNorm, mixup, cutmix, ema, bf16, joint);
  }

  /** With a moving average of the weights. */
  public Regime withEma(double value) {
    return new Regime(accumulate, clipNorm, mixup, cutmix, value, bf16, joint);
  }

  /** With mixup and cutmix. */
  public Regime withMixing(double mixupAlpha, double cutmixAlpha) {
    return new Regime(accumulate, clipNorm, mixupAlpha, cutmixAlpha, ema, bf16, joint);
  }

  /** With or without bfloat16. */
  public Regime withBf16(boolean value) {
    return new Regime(accumulate, clipNorm, mixup, cutmix, ema, value, joint);
  }

  /** With all streams in one pass, or each in its own. */
  public Regime withJoint(boolean value) {
    return new Regime(accumulate, clipNorm, mixup, cutmix, ema, bf16, value);
  }
}
