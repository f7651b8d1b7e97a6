package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.tensor.OptimizerStep.Entry;
import dev.graft.tensor.OptimizerStep.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerStepTest {

  private static final double NONE = Double.POSITIVE_INFINITY;

  static Stream<UpdateRule> rules() {
    return Stream.of(
        new UpdateRule.Adam(0.9, 0.999, 1e-8, true),
        new UpdateRule.Adam(0.9, 0.99, 1e-6, false),
        new UpdateRule.Sgd(0, 0, false, false),
        new UpdateRule.Sgd(0, 0, false, true),
        new UpdateRule.Sgd(0.9, 0, false, true),
        new UpdateRule.Sgd(0.9, 0.3, false, false),
        new UpdateRule.Sgd(0.9, 0, true, false));
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
        List<Tensor> theirs = ours.stream().map(OptimizerStepTest::sameLayout).toList();
        List<List<Tensor>> ourState = ours.stream().map(p -> state(rule, p)).toList();
        List<List<Tensor>> theirState = theirs.stream().map(p -> state(rule, p)).toList();
        double[] rates = random.doubles(ours.size(), 1e-4, 0.1).toArray();
        double[] decay = random.doubles(ours.size(), 0, 0.1).toArray();
        double maxNorm = seed % 3 == 0 ? NONE : 0.5;
        for (int step = 1; step <= 5; step++) {
          giveGradients(random, ours, theirs);
          Outcome outcome =
              OptimizerStep.apply(rule, entries(ours, ourState, step, rates, decay), maxNorm);
          double norm =
              new PlainUpdate(rule, maxNorm).apply(entries(theirs, theirState, step, rates, decay));
          assertEquals(norm, outcome.gradientNorm(), 1e-12 * norm);
          assertTrue(outcome.applied());
          assertTrue(outcome.inKernel());
          compare("seed " + seed + ", step " + step, step, ours, theirs, rates);
        }
      }
    }
  }

  private static List<Tensor> state(UpdateRule rule, Tensor parameter) {
    return rule.slots().stream().map(slot -> parameter.zerosLike()).toList();
  }

  private static List<Entry> entries(
      List<Tensor> parameters,
      List<List<Tensor>> state,
      long update,
      double[] rates,
      double[] decay) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      entries.add(new Entry(parameters.get(i), state.get(i), update, rates[i], decay[i]));
    }
    return entries;
  }

  private static Entry entry(UpdateRule rule, Tensor parameter, double learningRate) {
    return new Entry(parameter, state(rule, parameter), 1, learningRate, 0);
  }

  /**
   * Each step rounds the parameter about twice, and the update, at most the rate times a small
   * factor, about ten times on the way.
   */
  private static void compare(
      String where, int step, List<Tensor> ours, List<Tensor> theirs, double[] rates) {
    for (int i = 0; i < rates.length; i++) {
      float[] a = ours.get(i).toFloats();
      float[] b = theirs.get(i).toFloats();
      for (int j = 0; j < a.length; j++) {
        double tolerance = step * (2 * Math.ulp(b[j]) + rates[i] * 0x1p-18);
        assertEquals(b[j], a[j], tolerance, where + ", tensor " + i);
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
        p.setGrad(random(new Random(2), 300_001));
        Outcome outcome = OptimizerStep.apply(rule, List.of(entry(rule, p, 0.1)), 1);
        results.add(new float[] {(float) outcome.gradientNorm()});
        results.add(p.toFloats());
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
        Outcome outcome =
            OptimizerStep.apply(rule, List.of(entry(rule, a, 1), entry(rule, b, 1)), 1);
        assertFalse(outcome.applied());
        assertArrayEquals(new float[] {1, 2}, a.toFloats());
        assertArrayEquals(new float[] {3}, b.toFloats());
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
    UpdateRule rule = new UpdateRule.Sgd(0, 0, false, false);
    try (Scope scope = Scope.open()) {
      Tensor p = Tensor.full(1, DType.FLOAT64, 3);
      p.setGrad(Tensor.full(2, DType.FLOAT64, 3));
      Outcome outcome = OptimizerStep.apply(rule, List.of(entry(rule, p, 0.25)), NONE);
      assertTrue(outcome.applied());
      assertFalse(outcome.inKernel());
      assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, p.toFloats());
    }
  }

  @Test
  void memoryWithGapsTakesThePlainPath() {
    UpdateRule rule = new UpdateRule.Sgd(0, 0, false, false);
    try (Scope scope = Scope.open()) {
      Tensor gaps = Tensor.ones(4, 2).narrow(1, 0, 1);
      gaps.setGrad(Tensor.ones(4, 1));
      assertFalse(OptimizerStep.apply(rule, List.of(entry(rule, gaps, 0.5)), NONE).inKernel());
      assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, gaps.toFloats());
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
  void wrongArgumentsAreRefused() {
    UpdateRule adam = new UpdateRule.Adam(0.9, 0.999, 1e-8, true);
    UpdateRule sgd = new UpdateRule.Sgd(0, 0, false, false);
    try (Scope scope = Scope.open()) {
      Tensor p = Tensor.ones(2);
      List<Entry> good = List.of(entry(adam, p, 1));
      assertRefused(() -> OptimizerStep.apply(sgd, good, 1));
      assertRefused(() -> OptimizerStep.apply(adam, good, 0));
      List<Entry> never = List.of(new Entry(p, state(adam, p), 0, 1, 0));
      assertRefused(() -> OptimizerStep.apply(adam, never, 1));
      p.close();
      assertThrows(IllegalStateException.class, () -> OptimizerStep.apply(adam, good, 1));
    }
    assertRefused(() -> new UpdateRule.Adam(1, 0.9, 1e-8, true));
    assertRefused(() -> new UpdateRule.Sgd(0, 0, true, false));
  }

  @Test
  void stateOfAnotherShapeIsNotTouchedByTheKernel() {
    UpdateRule rule = new UpdateRule.Sgd(0.9, 0, false, false);
    try (Scope scope = Scope.open()) {
      Tensor p = Tensor.ones(1000);
      p.setGrad(Tensor.ones(1000));
      List<Entry> wrong = List.of(new Entry(p, List.of(Tensor.zeros(10)), 1, 1, 0));
      assertThrows(RuntimeException.class, () -> OptimizerStep.apply(rule, wrong, NONE));
    }
  }

  private static void assertRefused(Executable action) {
    assertThrows(IllegalArgumentException.class, action);
  }
}
