package dev.graft.plan;

/**
 * One term of the loss.
 *
 * @param id the id under which a plugin registered it
 * @param settings its settings
 * @param weight factor in the sum
 * @param ramp updates over which the factor rises linearly from 0; 0 for none
 */
public record TermSpec(String id, Settings settings, double weight, int ramp) {

  /** A term with default settings and weight 1. */
  public static TermSpec of(String id) {
    return new TermSpec(id, Settings.NONE, 1, 0);
  }

  /** The factor at an update, counted from 0. */
  public double weightAt(long update) {
    return update >= ramp ? weight : weight * update / ramp;
  }
}
