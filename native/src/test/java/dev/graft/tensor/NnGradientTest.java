package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every operation of {@link Nn} against central differences, in 64 bits. */
class NnGradientTest {

  private static final double STEP = 1e-5;

  /** Differences of 64-bit values: truncation STEP² and cancellation 1e-16 / STEP, both 1e-10. */
  private static final double TOLERANCE = 1e-7;

  private static final long[] ONE = {1, 1};
  private static final long[] TWO = {2, 2};

  private final List<DynamicTest> tests = new ArrayList<>();

  @TestFactory
  List<DynamicTest> gradientsAgreeWithDifferences() {
    products();
    norms();
    attention();
    pools();
    activations();
    losses();
    return tests;
  }

  private void products() {
    check("linear", t -> Nn.linear(t.get(0), t.get(1), t.get(2)), s(2, 3, 4), s(5, 4), s(5));
    check("linear without bias", t -> Nn.linear(t.get(0), t.get(1), null), s(3, 4), s(2, 4));
    check(
        "conv2d",
        t -> Nn.conv2d(t.get(0), t.get(1), t.get(2), ONE, ONE, ONE, 1),
        s(2, 3, 4, 5),
        s(2, 3, 3, 3),
        s(2));
    check(
        "conv2d strided, dilated",
        t -> Nn.conv2d(t.get(0), t.get(1), null, new long[] {2, 1}, TWO, TWO, 1),
        s(1, 2, 5, 5),
        s(3, 2, 2, 3));
    check(
        "conv2d depthwise",
        t -> Nn.conv2d(t.get(0), t.get(1), t.get(2), ONE, ONE, ONE, 4),
        s(2, 4, 4, 4),
        s(4, 1, 3, 3),
        s(4));
    Tensor indices = keep(Tensor.of(new long[] {3, 0, 3, 1}, 2, 2));
    check("embedding", t -> Nn.embedding(t.get(0), indices), s(5, 3));
    check("pad", t -> Nn.pad(t.get(0), new long[] {1, 2, 0, 1}, 0.5), s(2, 3, 2));
  }

  private void norms() {
    check(
        "batchNorm, training",
        t -> Nn.batchNorm(t.get(0), t.get(1), t.get(2), null, null, true, 0.1, 1e-5),
        s(3, 2, 2, 3),
        s(2),
        s(2));
    Tensor mean = keep(Tensor.of(new float[] {0.3f, -1}, 2).to(DType.FLOAT64));
    Tensor var = keep(Tensor.of(new float[] {0.5f, 2}, 2).to(DType.FLOAT64));
    check(
        "batchNorm, evaluation",
        t -> Nn.batchNorm(t.get(0), t.get(1), t.get(2), mean, var, false, 0.1, 1e-5),
        s(3, 2, 2, 3),
        s(2),
        s(2));
    check(
        "layerNorm",
        t -> Nn.layerNorm(t.get(0), new long[] {5}, t.get(1), t.get(2), 1e-6),
        s(2, 3, 5),
        s(5),
        s(5));
    check(
        "groupNorm",
        t -> Nn.groupNorm(t.get(0), 2, t.get(1), t.get(2), 1e-6),
        s(2, 4, 3),
        s(4),
        s(4));
  }

  private void attention() {
    double root = Double.NaN;
    long[] shape = s(2, 2, 3, 4);
    check(
        "attention",
        t -> Nn.attention(t.get(0), t.get(1), t.get(2), null, false, 0, root),
        shape,
        shape,
        shape);
    check(
        "attention, causal, scaled",
        t -> Nn.attention(t.get(0), t.get(1), t.get(2), null, true, 0, 0.3),
        shape,
        shape,
        shape);
    check(
        "attention, masked",
        t -> Nn.attention(t.get(0), t.get(1), t.get(2), t.get(3), false, 0, root),
        shape,
        s(2, 2, 5, 4),
        s(2, 2, 5, 4),
        s(2, 1, 3, 5));
  }

  private void pools() {
    long[] three = {3, 3};
    check("maxPool2d", t -> Nn.maxPool2d(t.get(0), three, TWO, ONE, true), s(2, 2, 4, 6));
    check("avgPool2d", t -> Nn.avgPool2d(t.get(0), three, TWO, ONE, true, false), s(2, 2, 4, 6));
    check(
        "avgPool2d, padding counted",
        t -> Nn.avgPool2d(t.get(0), TWO, TWO, ONE, false, true),
        s(1, 2, 4, 4));
    check("adaptiveAvgPool2d", t -> Nn.adaptiveAvgPool2d(t.get(0), 2, 3), s(2, 2, 5, 7));
  }

  private void activations() {
    check("relu", t -> Nn.relu(t.get(0)), s(30));
    check("relu6", t -> Nn.relu6(t.get(0).mul(5)), s(30));
    check("hardswish", t -> Nn.hardswish(t.get(0).mul(3)), s(30));
    check("hardsigmoid", t -> Nn.hardsigmoid(t.get(0).mul(3)), s(30));
    check("silu", t -> Nn.silu(t.get(0)), s(30));
    check("gelu", t -> Nn.gelu(t.get(0)), s(30));
    check("sigmoid", t -> Nn.sigmoid(t.get(0)), s(30));
    check("tanh", t -> Nn.tanh(t.get(0)), s(30));
    check("softmax", t -> Nn.softmax(t.get(0), 1), s(3, 4, 2));
    check("logSoftmax", t -> Nn.logSoftmax(t.get(0), -1), s(3, 4));
  }

  private void losses() {
    Tensor labels = keep(Tensor.of(new long[] {0, 2, 1}, 3));
    check("crossEntropy", t -> Nn.crossEntropy(t.get(0), labels, 0), s(3, 4));
    check("crossEntropy, smoothed", t -> Nn.crossEntropy(t.get(0), labels, 0.2), s(3, 4));
    check(
        "crossEntropy of probabilities",
        t -> Nn.crossEntropy(t.get(0), Nn.softmax(t.get(1), 1), 0),
        s(3, 4),
        s(3, 4));
    Tensor targets = keep(Tensor.of(new float[] {0, 1, 0.3f, 1}, 4).to(DType.FLOAT64));
    check("binaryCrossEntropy", t -> Nn.binaryCrossEntropy(t.get(0), targets), s(4));
    check("mseLoss", t -> Nn.mseLoss(t.get(0), t.get(1)), s(3, 4), s(3, 4));
  }

  private static long[] s(long... shape) {
    return shape;
  }

  private static Tensor keep(Tensor constant) {
    return Scope.release(constant);
  }

  private void check(String name, Function<List<Tensor>, Tensor> operation, long[]... shapes) {
    tests.add(DynamicTest.dynamicTest(name, () -> compare(name, operation, shapes)));
  }

  private static void compare(
      String name, Function<List<Tensor>, Tensor> operation, long[]... shapes) {
    try (Scope scope = Scope.open()) {
      RandomState.seed(name.hashCode());
      List<Tensor> inputs = new ArrayList<>();
      for (long[] shape : shapes) {
        Tensor input = Tensor.randn(shape).to(DType.FLOAT64);
        input.setRequiresGrad(true);
        inputs.add(input);
      }
      Tensor output = operation.apply(inputs);
      // Weights make the loss notice every output.
      Tensor weights = Tensor.randn(output.shape()).to(DType.FLOAT64);
      Tensor loss = output.mul(weights).sum();
      List<Tensor> gradients = Autograd.gradients(loss, inputs, false);
      double largest = 0;
      for (int i = 0; i < inputs.size(); i++) {
        HostTensor gradient = gradients.get(i).toHost();
        HostTensor values = inputs.get(i).toHost();
        for (int j = 0; j < values.count(); j++) {
          double difference = difference(operation, inputs, weights, i, j);
          assertEquals(
              difference, gradient.get(j), TOLERANCE * (1 + Math.abs(difference)), name + " " + i);
          largest = Math.max(largest, Math.abs(difference));
        }
      }
      assertTrue(largest > 1e-3, "the inputs have no effect");
    }
  }

  private static double difference(
      Function<List<Tensor>, Tensor> operation,
      List<Tensor> inputs,
      Tensor weights,
      int input,
      int element) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Tensor cell = inputs.get(input).reshape(-1).narrow(0, element, 1);
      double value = cell.item();
      cell.fillInPlace(value + STEP);
      double above = operation.apply(inputs).mul(weights).sum().item();
      cell.fillInPlace(value - STEP);
      double below = operation.apply(inputs).mul(weights).sum().item();
      cell.fillInPlace(value);
      return (above - below) / (2 * STEP);
    }
  }
}
