package dev.graft.train.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Schedule;
import dev.graft.spi.Schedule.Curve;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulesTest {

  private static final double CLOSE = 1e-12;

  static Stream<String> ids() {
    return Registry.load(SchedulesTest.class.getClassLoader()).all(Schedule.class).stream()
        .map(schedule -> schedule.about().id());
  }

  private static Curve bind(String id, long total, Settings settings) {
    return Registry.load(SchedulesTest.class.getClassLoader())
        .get(Schedule.class, id)
        .bind(total, settings);
  }

  @Test
  void allAreRegistered() {
    assertEquals(
        List.of("constant", "cosine", "exponential", "linear", "one-cycle", "polynomial", "step"),
        ids().toList());
  }

  @ParameterizedTest
  @MethodSource("ids")
  void factorsAreFiniteAndAtMostOneForAnyLength(String id) {
    for (long total : new long[] {1, 2, 3, 7, 1000}) {
      Curve curve = bind(id, total, Settings.NONE);
      for (long update = 0; update <= total; update++) {
        double rate = curve.rate(update);
        assertTrue(rate >= -CLOSE && rate <= 1 + CLOSE, id + " at " + update + ": " + rate);
      }
    }
  }

  @Test
  void warmupIsAShareOrANumberOfUpdates() {
    for (Object warmup : new Object[] {0.1, 10}) {
      Curve curve = bind("linear", 100, Settings.of("warmup", warmup));
      assertEquals(0, curve.rate(0));
      assertEquals(0.5, curve.rate(5), CLOSE);
      assertEquals(1, curve.rate(10), CLOSE);
      assertEquals(0.5, curve.rate(55), CLOSE);
    }
  }

  @Test
  void stepFallsAtSharesAndAtNumbers() {
    Curve curve = bind("step", 100, Settings.of("milestones", "0.5/80"));
    assertEquals(1, curve.rate(49), CLOSE);
    assertEquals(0.1, curve.rate(50), CLOSE);
    assertEquals(0.1, curve.rate(79), CLOSE);
    assertEquals(0.01, curve.rate(80), CLOSE);
    Settings bad = Settings.of("milestones", "a,b");
    assertThrows(IllegalArgumentException.class, () -> bind("step", 100, bad));
  }

  @Test
  void oneCycleOfFastaiReachesItsPublishedPoints() {
    Settings settings =
        Settings.of("form", "fastai").with("pct", 0.25).with("div", 25).with("final_div", 1e5);
    Curve curve = bind("one-cycle", 8, settings);
    double[] expected = {4e-4, 5.2e-3, 1e-2, Double.NaN, Double.NaN, 5.00005e-3};
    for (int t = 0; t < expected.length; t++) {
      if (!Double.isNaN(expected[t])) {
        assertEquals(expected[t], 1e-2 * curve.rate(t), 1e-9, "update " + t);
      }
    }
    assertEquals(1e-7, 1e-2 * curve.rate(8), 1e-12);
    assertEquals(0.85, curve.momentum(2), CLOSE);
  }

  @Test
  void oneCycleLeavesTheMomentumAloneOnRequest() {
    Curve curve = bind("one-cycle", 10, Settings.of("cycle_momentum", false));
    assertTrue(Double.isNaN(curve.momentum(3)));
    Settings lopsided = Settings.of("three_phase", true).with("pct", 0.6);
    assertThrows(IllegalArgumentException.class, () -> bind("one-cycle", 10, lopsided));
  }

  @Test
  void theOtherShapesKeepTheOptimizersMomentum() {
    assertTrue(Double.isNaN(bind("cosine", 10, Settings.NONE).momentum(0)));
  }
}
