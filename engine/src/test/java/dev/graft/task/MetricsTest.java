package dev.graft.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final double[][] SCORES = {{0.9, 0.1, 0}, {0.2, 0.8, 0}, {0.6, 0.4, 0}};
  private static final double[] TARGETS = {0, 1, 1};

  @Test
  void aClassThatNeverOccursTakesNoPartInMeans() {
    assertEquals(2.0 / 3, Metrics.ACCURACY.compute(SCORES, TARGETS), 1e-12);
    assertEquals(0.75, Metrics.BALANCED_ACCURACY.compute(SCORES, TARGETS), 1e-12);
    assertEquals(2.0 / 3, Metrics.MACRO_F1.compute(SCORES, TARGETS), 1e-12);
  }

  @Test
  void tiesCountHalfInTheArea() {
    boolean[] positive = {true, false, true, false};
    assertEquals(0.5, BinaryRanking.of(new double[] {1, 1, 1, 1}, positive).rocArea(), 1e-12);
    assertEquals(0.875, BinaryRanking.of(new double[] {2, 1, 1, 0.5}, positive).rocArea(), 1e-12);
  }

  @Test
  void withoutPositivesTheAreaIsUndefined() {
    assertTrue(
        Double.isNaN(
            BinaryRanking.of(new double[] {0.1, 0.2}, new boolean[] {false, false}).rocArea()));
  }

  @Test
  void aCertainMistakeHasAFiniteLoss() {
    double loss = Calibration.logLoss(new double[][] {{1, 0}}, new double[] {1});
    assertEquals(52 * Math.log(2), loss, 1e-9);
  }

  @Test
  void anErrorOfOneBinIsTheGapOfConfidenceAndAccuracy() {
    Calibration.Error error =
        Calibration.error(new double[][] {{0.7, 0.3}, {0.7, 0.3}}, new double[] {0, 1}, 10);
    assertEquals(0.2, error.expected(), 1e-12);
    assertEquals(0.2, error.maximum(), 1e-12);
  }

  @Test
  void idsAreUniqueAndLengthsMustAgree() {
    assertEquals(Metrics.all().size(), Metrics.all().stream().map(Metric::id).distinct().count());
    Stream<Metric> all = Metrics.all().stream();
    all.forEach(
        metric -> {
          String message =
              assertThrows(
                      IllegalArgumentException.class,
                      () -> metric.compute(SCORES, new double[] {1}))
                  .getMessage();
          assertTrue(message.startsWith(metric.id() + " needs as many rows"), message);
        });
  }
}
