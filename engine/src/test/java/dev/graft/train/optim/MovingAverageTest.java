package dev.graft.train.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MovingAverageTest {

  private Scope scope;
  private Tensor weight;
  private Tensor counter;

  @BeforeEach
  void open() {
    scope = Scope.open();
    weight = Tensor.of(new float[] {1, 2}, 2);
    weight.setRequiresGrad(true);
    counter = Tensor.of(new long[] {5}, 1);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private MovingAverage average(double decay) {
    return new MovingAverage(Map.of("weight", weight, "counter", counter), decay);
  }

  private void set(Tensor tensor, Tensor value) {
    try (var off = dev.graft.tensor.Autograd.off()) {
      tensor.copyInPlace(value);
    }
  }

  @Test
  void followsWeightsAndCopiesCounters() {
    try (MovingAverage average = average(0.75)) {
      set(weight, Tensor.of(new float[] {5, 2}, 2));
      set(counter, Tensor.of(new long[] {6}, 1));
      average.update();
      assertArrayEquals(new float[] {2, 2}, average.state().get("weight").toFloats());
      assertEquals(6, average.state().get("counter").toLongs()[0]);
    }
  }

  @Test
  void swappingTwiceIsTheIdentity() {
    try (MovingAverage average = average(0.5)) {
      set(weight, Tensor.of(new float[] {3, 3}, 2));
      average.update();
      average.swap();
      assertArrayEquals(new float[] {2, 2.5f}, weight.toFloats());
      average.swap();
      assertArrayEquals(new float[] {3, 3}, weight.toFloats());
      assertArrayEquals(new float[] {2, 2.5f}, average.state().get("weight").toFloats());
    }
  }

  @Test
  void restoresWhatItSaved() {
    Map<String, HostTensor> saved;
    try (MovingAverage average = average(0.5)) {
      set(weight, Tensor.of(new float[] {3, 3}, 2));
      average.update();
      saved = average.state();
    }
    try (MovingAverage average = average(0.5)) {
      average.restore(saved);
      assertEquals(saved, average.state());
      String message =
          assertThrows(IllegalArgumentException.class, () -> average.restore(Map.of()))
              .getMessage();
      assertTrue(message.startsWith("no moving average of '"), message);
    }
  }

  @Test
  void refusesADecayOfOneAndLeavesNothingBehind() {
    long before = Scope.liveTensors();
    assertThrows(IllegalArgumentException.class, () -> average(1));
    average(0.9).close();
    assertEquals(before, Scope.liveTensors());
  }
}
