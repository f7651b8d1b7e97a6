package dev.graft.report;

import java.util.List;

/**
 * What a learning-rate range test gave.
 *
 * @param phase name of the phase whose learning rate was tested
 * @param points every update that was made, by rising rate
 * @param curve the points that suggestions come from: without the first tenth and the last five
 * @param diverged true if the test ended early because the loss had grown fourfold
 */
public record RangeTest(
    String phase, List<RateCurve.Point> points, RateCurve curve, boolean diverged) {

  public RangeTest {
    points = List.copyOf(points);
  }

  /** The recommended learning rate, before factors of groups. */
  public double suggestion() {
    return curve.valley();
  }
}
