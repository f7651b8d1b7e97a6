package dev.graft.train.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.train.optim.LogisticRegression.Fit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {

  /**
   * Minimum for X[i][j] = sin(1.3 (i+1)(j+1)) + (i mod 3 = j ? 0.5 : 0), i &lt; 12, j &lt; 2,
   * labels i mod 3, l2 = 0.1, found by Newton's method in double precision (gradient below 1e-16).
   */
  private static final double VALUE = 0.9929598108181669;

  private static final double[] WEIGHT = {
    0.515009456057, -0.280437122008,
    -0.058169329651, 0.461940926925,
    -0.456840126406, -0.181503804917
  };
  private static final double[] BIAS = {-0.129099754285, -0.038803887123, 0.167903641408};

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor features() {
    ByteBuffer buffer = ByteBuffer.allocate(24 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 2; j++) {
        buffer.putDouble(Math.sin(1.3 * (i + 1) * (j + 1)) + (i % 3 == j ? 0.5 : 0));
      }
    }
    return Tensor.of(new HostTensor(DType.FLOAT64, new long[] {12, 2}, buffer.flip()));
  }

  private static Tensor labels() {
    return Tensor.of(new long[] {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}, 12);
  }

  private static double[] doubles(HostTensor tensor) {
    double[] values = new double[(int) tensor.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i);
    }
    return values;
  }

  @Test
  void findsTheKnownMinimumInDoublePrecision() {
    Fit fit = LogisticRegression.fit(features(), labels(), 3, 0.1);
    assertEquals(VALUE, fit.solution().value(), 1e-14);
    assertArrayEquals(WEIGHT, doubles(fit.weight()), 1e-8);
    assertArrayEquals(BIAS, doubles(fit.bias()), 1e-8);
  }

  @Test
  void comesCloseInSinglePrecision() {
    Fit fit = LogisticRegression.fit(features().to(DType.FLOAT32), labels(), 3, 0.1);
    assertEquals(VALUE, fit.solution().value(), 1e-6);
    assertArrayEquals(WEIGHT, doubles(fit.weight()), 2e-3);
  }

  @Test
  void withoutFeaturesTheBiasTellsTheFrequencies() {
    Tensor labels = Tensor.of(new long[] {0, 0, 0, 1}, 4);
    Fit fit = LogisticRegression.fit(Tensor.zeros(DType.FLOAT64, 4, 1), labels, 2, 1);
    double[] bias = doubles(fit.bias());
    assertEquals(Math.log(3), bias[0] - bias[1], 1e-7);
    assertEquals(0, bias[0] + bias[1], 1e-12);
  }

  @Test
  void isDeterministicAndLeavesNothingBehind() {
    Tensor features = features();
    Tensor labels = labels();
    long before = Scope.liveTensors();
    Fit first = LogisticRegression.fit(features, labels, 3, 0.01);
    Fit second = LogisticRegression.fit(features, labels, 3, 0.01);
    assertEquals(before, Scope.liveTensors());
    assertEquals(first.weight(), second.weight());
    assertTrue(first.solution().gradientNorm() < 1e-8);
  }
}
