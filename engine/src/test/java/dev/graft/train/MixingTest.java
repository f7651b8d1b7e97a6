package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.plan.Regime;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixingTest {

  /** Mean and variance of Beta(α, α), also where both gamma draws are too small for a double. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 1, 5})
  void sharesFollowTheBetaDistribution(double alpha) {
    SplittableRandom random = new SplittableRandom(3);
    int count = 20_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double share = Mixing.beta(alpha, random);
      assertTrue(share >= 0 && share <= 1, share + " at " + alpha);
      sum += share;
      squares += share * share;
    }
    double mean = sum / count;
    assertEquals(0.5, mean, 0.02);
    assertEquals(1 / (4 * (2 * alpha + 1)), squares / count - mean * mean, 0.005);
  }

  /** So that its label stays the one that it shows most. */
  @ParameterizedTest
  @ValueSource(doubles = {0.2, 1, 5})
  void blendedRowsKeepTheLargerShare(double alpha) {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 200; i++) {
      Mixing mixing = Mixing.draw(Regime.PLAIN.withMixing(alpha, 0), 4, random);
      assertTrue(mixing.lambda() >= 0.5, mixing.lambda() + " at " + alpha);
    }
  }
}
