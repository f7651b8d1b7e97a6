package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FusedOptimizerTest {

  private static final double NONE = Double.POSITIVE_INFINITY;

  static Stream<UpdateRule> rules() {
    return Stream.of(
        new UpdateRule.Adam(0.9, 0.999, 1e-8, true),
        new UpdateRule.Adam(0.9, 0.99, 1e-6, false),
        new UpdateRule.Sgd(0, 0, false),
        new UpdateRule.Sgd(0.9, 0, false),
        new UpdateRule.Sgd(0.9, 0.3, false),
        new UpdateRule.Sgd(0.9, 0, true));
  }

  /** The kernel does what the plain operations do, over shapes that try its edges. */
  @ParameterizedTest
  @MethodSource("rules")
  void agreesWithPlainOperations(UpdateRule rule) {
    assumeTrue(Runtime.hasKernels(), "no C++ kernels in this build");
    for (int seed = 0; seed < 12; seed++) {
      try (Scope scope = Scope.open()) {
        Random random = new Random(seed);
        List<Tensor> ours = parameters(random);
        List<Tensor> theirs = ours.stream().map(FusedOptimizerTest::sameLayout).toList();
        double[] rates = random.doubles(ours.size(), 1e-4, 0.1).toArray();
        double[] decay = random.doubles(ours.size(), 0, 0.1).toArray();
        double maxNorm = seed % 3 == 0 ? NONE : 0.5;
        try (FusedOptimizer kernel = FusedOptimizer.create(rule, ours);
            FusedOptimizer plain = FusedOptimizer.create(rule, theirs)) {
          for (int step = 1; step <= 5; step++) {
            giveGradients(random, ours, theirs);
            FusedOptimizer.Outcome outcome = kernel.step(rule, rates, decay, maxNorm);
            double norm = new PlainUpdate(plain, rule, maxNorm).apply(rates, decay);
            assertEquals(norm, outcome.gradientNorm(), 1e-12 * norm);
            assertTrue(outcome.applied());
            assertTrue(kernel.isNative());
            compare(seed, step, kernel, plain, rates);
          }
        }
      }
    }
  }

  /**
   * Each step rounds the parameter about twice, and the update, at most the rate times a small
   * factor, about ten times on the way.
   */
  private static void compare(
      int seed, int step, FusedOptimizer kernel, FusedOptimizer plain, double[] rates) {
    for (int i = 0; i < rates.length; i++) {
      assertEquals(plain.steps(i), kernel.steps(i));
      float[] a = kernel.parameters().get(i).toFloats();
      float[] b = plain.parameters().get(i).toFloats();
      for (int j = 0; j < a.length; j++) {
        double tolerance = step * (2 * Math.ulp(b[j]) + rates[i] * 0x1p-18);
        assertEquals(b[j], a[j], tolerance, "seed " + seed + ", step " + step + ", tensor " + i);
      }
    }
  }

  private static List<Tensor> parameters(Random random) {
    List<Tensor> all = new ArrayList<>();
    all.add(random(random, 1));
    all.add(random(random));
    all.add(random(random, 0, 3));
    all.add(random(random, 16384));
    all.add(random(random, 2, 16385));
    all.add(random(random, 4, 3, 5, 5).channelsLast());
    all.add(random(random, 7, 5).transpose(0, 1));
    // A view that starts four bytes past an aligned address.
    all.add(random(random, 1001).narrow(0, 1, 1 + random.nextInt(1000)));
    for (int i = 0; i < 6; i++) {
      all.add(random(random, 1 + random.nextInt(40), 1 + random.nextInt(900)));
    }
    all.forEach(p -> p.setRequiresGrad(true));
    return all;
  }

  private static Tensor random(Random random, long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  private static Tensor sameLayout(Tensor parameter) {
    try (Autograd off = Autograd.off()) {
      Tensor copy = parameter.zerosLike();
      copy.copyInPlace(parameter);
      copy.setRequiresGrad(true);
      return copy;
    }
  }

  private static void giveGradients(Random random, List<Tensor> ours, List<Tensor> theirs) {
    for (int i = 0; i < ours.size(); i++) {
      if (random.nextInt(5) == 0) {
        ours.get(i).clearGrad();
        theirs.get(i).clearGrad();
      } else {
        Tensor gradient = random(random, ours.get(i).shape()).mul(random.nextDouble());
        ours.get(i).setGrad(gradient); // row-major, whatever the parameter is
        theirs.get(i).setGrad(gradient.copy());
      }
    }
  }

  @Test
  void sameBitsWithOneThreadAndWithTwo() {
    UpdateRule rule = new UpdateRule.Adam(0.9, 0.999, 1e-8, true);
    int before = Runtime.threads();
    try (Scope scope = Scope.open()) {
      List<float[]> results = new ArrayList<>();
      for (int threads : new int[] {1, 2}) {
        Runtime.setThreads(threads);
        Tensor p = random(new Random(1), 300_001);
        p.setRequiresGrad(true);
        p.setGrad(random(new Random(2), 300_001));
        try (FusedOptimizer optimizer = FusedOptimizer.create(rule, List.of(p))) {
          FusedOptimizer.Outcome outcome =
              optimizer.step(rule, new double[] {0.1}, new double[] {0.1}, 1);
          results.add(new float[] {(float) outcome.gradientNorm()});
          results.add(p.toFloats());
        }
      }
      assertArrayEquals(results.get(0), results.get(2));
      assertArrayEquals(results.get(1), results.get(3));
    } finally {
      Runtime.setThreads(before);
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void anInfiniteGradientStopsTheStep(UpdateRule rule) {
    try (Scope scope = Scope.open()) {
      for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
        Tensor a = Tensor.of(new float[] {1, 2}, 2);
        Tensor b = Tensor.of(new float[] {3}, 1);
        a.setGrad(Tensor.of(new float[] {1, bad}, 2));
        b.setGrad(Tensor.of(new float[] {1}, 1));
        try (FusedOptimizer optimizer = FusedOptimizer.create(rule, List.of(a, b))) {
          FusedOptimizer.Outcome outcome =
              optimizer.step(rule, new double[] {1, 1}, new double[2], 1);
          assertFalse(outcome.applied());
          assertArrayEquals(new float[] {1, 2}, a.toFloats());
          assertArrayEquals(new float[] {3}, b.toFloats());
          assertEquals(0, optimizer.steps(1));
        }
      }
    }
  }

  @Test
  void largeFiniteGradientsAreNotTakenForInfinite() {
    try (Scope scope = Scope.open()) {
      Tensor p = Tensor.of(new float[] {1, 1}, 2);
      p.setGrad(Tensor.full(1e38, DType.FLOAT32, 2));
      assertEquals(Math.sqrt(2) * 1e38, Gradients.norm(List.of(p)), 1e31);
      assertEquals(Gradients.plainNorm(List.of(p)), Gradients.norm(List.of(p)));
    }
  }

  @Test
  void otherElementTypesTakeThePlainPath() {
    UpdateRule rule = new UpdateRule.Sgd(0, 0, false);
    try (Scope scope = Scope.open()) {
      Tensor p = Tensor.full(1, DType.FLOAT64, 3);
      p.setGrad(Tensor.full(2, DType.FLOAT64, 3));
      try (FusedOptimizer optimizer = FusedOptimizer.create(rule, List.of(p))) {
        assertFalse(optimizer.isNative());
        assertTrue(optimizer.step(rule, new double[] {0.25}, new double[] {0}, NONE).applied());
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, p.toFloats());
      }
    }
  }

  @Test
  void parametersThatOverlapThemselvesLeaveTheKernel() {
    UpdateRule rule = new UpdateRule.Sgd(0, 0, false);
    try (Scope scope = Scope.open()) {
      Tensor gaps = Tensor.ones(4, 2).narrow(1, 0, 1);
      gaps.setGrad(Tensor.ones(4, 1));
      try (FusedOptimizer optimizer = FusedOptimizer.create(rule, List.of(gaps))) {
        assertTrue(optimizer.step(rule, new double[] {0.5}, new double[] {0}, NONE).applied());
        assertFalse(optimizer.isNative());
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, gaps.toFloats());
      }
    }
  }

  @Test
  void clippingScalesAllGradientsTogether() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.ones(1);
      Tensor b = Tensor.ones(1);
      a.setGrad(Tensor.of(new float[] {3}, 1));
      b.setGrad(Tensor.of(new float[] {4}, 1));
      assertEquals(5, Gradients.clip(List.of(a, b), 1));
      assertEquals(0.6, a.grad().item(), 1e-6);
      assertEquals(0.8, b.grad().item(), 1e-6);
      assertEquals(1, Gradients.clip(List.of(a, b), 2), 1e-6);
      assertEquals(0.6, a.grad().item(), 1e-6);
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    UpdateRule adam = new UpdateRule.Adam(0.9, 0.999, 1e-8, true);
    UpdateRule sgd = new UpdateRule.Sgd(0, 0, false);
    try (Scope scope = Scope.open();
        FusedOptimizer optimizer = FusedOptimizer.create(adam, List.of(Tensor.ones(2)))) {
      double[] one = {1};
      double[] two = {1, 1};
      assertThrows(IllegalArgumentException.class, () -> optimizer.step(sgd, one, one, 1));
      assertThrows(IllegalArgumentException.class, () -> optimizer.step(adam, two, one, 1));
      assertThrows(IllegalArgumentException.class, () -> optimizer.step(adam, one, one, 0));
      assertThrows(IllegalArgumentException.class, () -> optimizer.state(0, "momentum_buffer"));
      assertThrows(IllegalArgumentException.class, () -> optimizer.setSteps(0, -1));
    }
    assertThrows(IllegalArgumentException.class, () -> new UpdateRule.Adam(1, 0.9, 1e-8, true));
    assertThrows(IllegalArgumentException.class, () -> new UpdateRule.Sgd(0, 0, true));
  }

  @Test
  void aClosedParameterOrOptimiserIsRefused() {
    UpdateRule rule = new UpdateRule.Sgd(0, 0, false);
    Tensor p;
    try (Scope scope = Scope.open()) {
      p = Scope.release(Tensor.ones(2));
    }
    try (FusedOptimizer optimizer = FusedOptimizer.create(rule, List.of(p))) {
      p.close();
      assertThrows(
          IllegalStateException.class,
          () -> optimizer.step(rule, new double[] {1}, new double[] {0}, 1));
    }
    try (Scope scope = Scope.open()) {
      FusedOptimizer optimizer = FusedOptimizer.create(rule, List.of(Tensor.ones(2)));
      optimizer.close();
      assertThrows(
          IllegalStateException.class,
          () -> optimizer.step(rule, new double[] {1}, new double[] {0}, 1));
    }
  }
}
