package dev.graft.multitask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.plan.Settings;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The arithmetic of the weightings: values worked out by hand, and what must hold for any. */
class WeightsTest {

  private static final double CLOSE = 1e-9;

  private static double[][] gram(double[][] vectors) {
    double[][] gram = new double[vectors.length][vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < vectors.length; j++) {
        gram[i][j] = Gram.dot(vectors[i], vectors[j]);
      }
    }
    return gram;
  }

  private static double[] combined(double[][] vectors, double[] weights) {
    double[] sum = new double[vectors[0].length];
    for (int i = 0; i < vectors.length; i++) {
      for (int d = 0; d < sum.length; d++) {
        sum[d] += weights[i] * vectors[i][d];
      }
    }
    return sum;
  }

  private static double[][] random(int count, int dimensions, long seed) {
    Random random = new Random(seed);
    double[][] vectors = new double[count][dimensions];
    for (double[] vector : vectors) {
      Arrays.setAll(vector, d -> random.nextGaussian());
    }
    return vectors;
  }

  // ---- PCGrad ----

  @Test
  void pcgradOfAConflictByHand() {
    // g1 = (1, 0), g2 = (-1, 1): g1 loses -1/2 of g2, g2 loses -1 of g1.
    double[][] vectors = {{1, 0}, {-1, 1}};
    double[] weights = Pcgrad.weights(gram(vectors), new SplittableRandom(1));
    assertArrayEquals(new double[] {2, 1.5}, weights, CLOSE);
    assertArrayEquals(new double[] {0.5, 1.5}, combined(vectors, weights), CLOSE);
  }

  @Test
  void pcgradLeavesGradientsThatAgreeAlone() {
    double[][] vectors = {{1, 0, 2}, {1, 1, 0}, {0, 3, 1}};
    assertArrayEquals(
        new double[] {1, 1, 1}, Pcgrad.weights(gram(vectors), new SplittableRandom(1)), CLOSE);
  }

  @Test
  void pcgradOfTwoTasksHarmsNeither() {
    for (long seed = 0; seed < 200; seed++) {
      double[][] vectors = random(2, 3, seed);
      double[] update =
          combined(vectors, Pcgrad.weights(gram(vectors), new SplittableRandom(seed)));
      for (double[] vector : vectors) {
        assertTrue(Gram.dot(update, vector) >= -CLOSE, "seed " + seed);
      }
    }
  }

  @Test
  void pcgradDependsOnTheOrderAndTheOrderOnTheSeed() {
    double[][] gram = gram(new double[][] {{1, 0}, {-1, 1}, {-1, -2}});
    double[] one = Pcgrad.weights(gram, new SplittableRandom(3));
    assertArrayEquals(one, Pcgrad.weights(gram, new SplittableRandom(3)));
    boolean another = false;
    for (long seed = 0; seed < 20; seed++) {
      another |= !Arrays.equals(one, Pcgrad.weights(gram, new SplittableRandom(seed)));
    }
    assertTrue(another, "20 seeds gave one order");
  }

  // ---- MGDA ----

  @Test
  void mgdaOfTwoTasksByHand() {
    // The line from (2, 0) to (0, 1) comes nearest to the origin at (0.4, 0.8).
    double[] weights = Mgda.weights(gram(new double[][] {{2, 0}, {0, 1}}));
    assertArrayEquals(new double[] {0.2, 0.8}, weights, CLOSE);
    // Of two that point the same way it is the shorter.
    assertArrayEquals(
        new double[] {0, 1}, Mgda.weights(gram(new double[][] {{3, 0}, {1, 0}})), CLOSE);
    // Of two that cancel each other it is nothing.
    double[][] against = gram(new double[][] {{3, 0}, {-1, 0}});
    assertEquals(0, Gram.squaredNorm(against, Mgda.weights(against)), CLOSE);
  }

  @Test
  void mgdaFindsTheShortestMean() {
    for (long seed = 0; seed < 50; seed++) {
      double[][] gram = gram(random(4, 6, seed));
      double[] weights = Mgda.weights(gram);
      assertEquals(1, Arrays.stream(weights).sum(), 1e-9);
      assertTrue(Arrays.stream(weights).allMatch(weight -> weight >= 0));
      double shortest = Gram.squaredNorm(gram, weights);
      // The shortest point has an inner product of at least its square with every gradient.
      for (double product : Gram.products(gram, weights)) {
        assertTrue(product >= shortest - 1e-7, "seed " + seed);
      }
    }
  }

  @Test
  void mgdaDividesAsAsked() {
    double[][] gram = gram(new double[][] {{2, 0}, {0, 1}});
    double[] losses = {4, 2};
    assertArrayEquals(
        new double[] {0.5, 0.5}, Mgda.weights(Mgda.normalised(gram, losses, "l2")), CLOSE);
    assertEquals(0.25, Mgda.normalised(gram, losses, "loss")[0][0], CLOSE);
    assertEquals(1.0 / 16, Mgda.normalised(gram, losses, "loss+")[0][0], CLOSE);
    assertArrayEquals(gram[0], Mgda.normalised(gram, losses, "none")[0]);
  }

  // ---- CAGrad ----

  @Test
  void cagradWithoutReachIsTheMean() {
    double[][] gram = gram(random(3, 5, 7));
    assertArrayEquals(new double[] {1.0 / 3, 1.0 / 3, 1.0 / 3}, Cagrad.weights(gram, 0), CLOSE);
  }

  @Test
  void cagradOfTwoTasksByHand() {
    // g1 = (3, 0), g2 = (0, 1). The mean (1.5, 0.5) serves the second worse; within reach r = c
    // |g0| the best for the second is g0 + r (0, 1), where it still gets less than the first.
    double[][] gram = gram(new double[][] {{3, 0}, {0, 1}});
    double c = 0.4;
    double reach = c * Math.sqrt(2.5);
    double[] weights = Cagrad.weights(gram, c);
    double scale = 1 + c * c;
    assertArrayEquals(new double[] {0.5 / scale, (0.5 + reach) / scale}, weights, 1e-6);
  }

  @Test
  void cagradHelpsTheWorstTaskAsMuchAsItsReachAllows() {
    double c = 0.4;
    for (long seed = 0; seed < 20; seed++) {
      double[][] vectors = random(3, 4, seed);
      double[][] gram = gram(vectors);
      double[] mean = combined(vectors, Gram.mean(3));
      double[] update = combined(vectors, Gram.scaled(Cagrad.weights(gram, c), 1 + c * c));
      double reach = c * Math.sqrt(Gram.dot(mean, mean));
      double[] away = combined(new double[][] {update, mean}, new double[] {1, -1});
      assertEquals(reach, Math.sqrt(Gram.dot(away, away)), 1e-6);
      double worst = worst(vectors, update);
      Random random = new Random(seed);
      for (int i = 0; i < 2000; i++) {
        double[] direction = new double[4];
        Arrays.setAll(direction, d -> random.nextGaussian());
        double length = Math.sqrt(Gram.dot(direction, direction));
        double[] other =
            combined(new double[][] {mean, direction}, new double[] {1, reach / length});
        assertTrue(worst(vectors, other) <= worst + 1e-6, "seed " + seed);
      }
    }
  }

  private static double worst(double[][] vectors, double[] update) {
    return Arrays.stream(vectors).mapToDouble(v -> Gram.dot(v, update)).min().orElseThrow();
  }

  // ---- GradNorm ----

  @Test
  void gradNormByHand() {
    // Lengths 1 and 3 with mean 2, equal progress: both weights move towards the mean.
    Settings own = Settings.of("alpha", 1.5).with("rate", 0.1);
    double[] next =
        GradNorm.next(new double[] {1, 1}, new double[] {1, 3}, new double[] {0.5, 0.5}, own);
    assertArrayEquals(new double[] {1.05 * 2 / 1.9, 0.85 * 2 / 1.9}, next, CLOSE);
  }

  @Test
  void gradNormWeightsAddUpToTheNumberOfTasks() {
    Settings own = Settings.of("alpha", 1.5).with("rate", 0.5);
    double[] weights = {1, 1, 1};
    Random random = new Random(4);
    for (int i = 0; i < 500; i++) {
      double[] norms = random.doubles(3, 0, 9).toArray();
      weights = GradNorm.next(weights, norms, random.doubles(3, 0.1, 1).toArray(), own);
      assertEquals(3, Arrays.stream(weights).sum(), CLOSE);
      assertTrue(Arrays.stream(weights).allMatch(weight -> weight > 0));
    }
  }

  @Test
  void gradNormGivesASlowerTaskMore() {
    Settings own = Settings.of("alpha", 1.5).with("rate", 0.1);
    double[] next =
        GradNorm.next(new double[] {1, 1}, new double[] {2, 2}, new double[] {0.9, 0.1}, own);
    assertTrue(next[0] > 1 && next[1] < 1, Arrays.toString(next));
  }

  // ---- DWA ----

  @Test
  void dwaByHand() {
    // Ratios 1 and 1/2 at temperature 2: e^0.5 and e^0.25 of 2.
    double[] weights = Dwa.weights(new double[] {3, 1}, new double[] {3, 2}, 2);
    double sum = Math.exp(0.5) + Math.exp(0.25);
    assertArrayEquals(
        new double[] {2 * Math.exp(0.5) / sum, 2 * Math.exp(0.25) / sum}, weights, CLOSE);
  }

  // ---- uncertainty ----

  @Test
  void uncertaintyByHand() {
    try (Scope scope = Scope.open()) {
      Tensor loss = Tensor.scalar(3);
      double s = Math.log(2);
      assertEquals(1.5 + s / 2, Uncertainty.weighed(loss, Tensor.scalar(s), true).item(), 1e-6);
      assertEquals(0.75 + s / 2, Uncertainty.weighed(loss, Tensor.scalar(s), false).item(), 1e-6);
      // The best variance of a task of classes is twice its loss.
      Tensor best = Tensor.scalar(Math.log(6));
      best.setRequiresGrad(true);
      Uncertainty.weighed(loss, best, true).backward();
      assertEquals(0, best.grad().item(), 1e-6);
    }
  }
}
