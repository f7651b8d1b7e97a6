package dev.graft.train.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.train.optim.Lbfgs.Limits;
import dev.graft.train.optim.Lbfgs.Solution;
import dev.graft.train.optim.Lbfgs.Stop;
import org.junit.jupiter.api.Test;

class LbfgsTest {

  /** Σ i (x_i - i)²: curvatures from 1 to n. */
  private static double bowl(double[] x, double[] gradient) {
    double value = 0;
    for (int i = 0; i < x.length; i++) {
      double d = x[i] - i;
      value += (i + 1) * d * d;
      gradient[i] = 2 * (i + 1) * d;
    }
    return value;
  }

  private static double rosenbrock(double[] x, double[] gradient) {
    double a = 1 - x[0];
    double b = x[1] - x[0] * x[0];
    gradient[0] = -2 * a - 400 * x[0] * b;
    gradient[1] = 200 * b;
    return a * a + 100 * b * b;
  }

  @Test
  void findsTheBottomOfABowlOfUnequalCurvature() {
    Solution solution = Lbfgs.minimise(LbfgsTest::bowl, new double[40], Limits.DOUBLE);
    assertNotEquals(Stop.ITERATIONS, solution.stop());
    for (int i = 0; i < 40; i++) {
      assertEquals(i, solution.x()[i], 1e-7);
    }
  }

  @Test
  void followsACurvedValley() {
    Solution solution =
        Lbfgs.minimise(LbfgsTest::rosenbrock, new double[] {-1.2, 1}, Limits.DOUBLE);
    assertArrayEquals(new double[] {1, 1}, solution.x(), 1e-6);
    assertTrue(solution.iterations() < 80, "iterations " + solution.iterations());
  }

  @Test
  void startingAtTheMinimumMakesNoStepAndLeavesTheStartAlone() {
    double[] start = {0, 1, 2};
    Solution solution = Lbfgs.minimise(LbfgsTest::bowl, start, Limits.DOUBLE);
    assertEquals(0, solution.iterations());
    assertEquals(Stop.GRADIENT, solution.stop());
    double[] elsewhere = {5, 5, 5};
    assertNotEquals(0, Lbfgs.minimise(LbfgsTest::bowl, elsewhere, Limits.DOUBLE).iterations());
    assertArrayEquals(new double[] {5, 5, 5}, elsewhere);
  }

  @Test
  void tellsWhenItRanOutOfIterations() {
    Limits brief = new Limits(3, 1e-9, 1e-15);
    Solution solution = Lbfgs.minimise(LbfgsTest::rosenbrock, new double[] {-1.2, 1}, brief);
    assertEquals(Stop.ITERATIONS, solution.stop());
    assertEquals(3, solution.iterations());
  }

  @Test
  void survivesAnObjectiveThatIsNotANumberSomewhere() {
    Solution solution =
        Lbfgs.minimise(
            (x, gradient) -> {
              gradient[0] = 1 - 1 / x[0];
              return x[0] - Math.log(x[0]);
            },
            new double[] {0.01},
            Limits.DOUBLE);
    assertEquals(1, solution.x()[0], 1e-6);
  }
}
