package dev.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3. */
class IntervalTest {

  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718",
  })
  void publishedValues(long part, long whole, double low, double high) {
    Interval interval = Interval.ofShare(part, whole);
    assertEquals(low, interval.low(), 5e-5);
    assertEquals(high, interval.high(), 5e-5);
  }

  @Test
  void isSymmetricUnderExchangeOfRightAndWrong() {
    for (int part = 0; part <= 37; part++) {
      Interval right = Interval.ofShare(part, 37);
      Interval wrong = Interval.ofShare(37 - part, 37);
      assertEquals(right.low(), 1 - wrong.high(), 1e-12);
      assertTrue(right.low() <= part / 37.0 && part / 37.0 <= right.high());
    }
  }

  @Test
  void moreExamplesGiveANarrowerInterval() {
    assertTrue(Interval.ofShare(80, 100).width() > Interval.ofShare(800, 1000).width());
  }

  @Test
  void refusesWhatIsNoShare() {
    assertThrows(IllegalArgumentException.class, () -> Interval.ofShare(0, 0));
    assertThrows(IllegalArgumentException.class, () -> Interval.ofShare(3, 2));
    assertThrows(IllegalArgumentException.class, () -> Interval.ofShare(-1, 2));
  }
}
