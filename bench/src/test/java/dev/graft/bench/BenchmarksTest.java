package dev.graft.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.Scope;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The benchmarks do what they say; how long it takes is not asked here. */
class BenchmarksTest {

  @Test
  void aStepLearns() {
    long before = Scope.liveTensors();
    FineTuneStep step = new FineTuneStep();
    step.open();
    double first = step.graft();
    double second = step.graft();
    step.close();
    assertTrue(second < first, "%s after %s".formatted(second, first));
    assertEquals(before, Scope.liveTensors());
  }

  @Test
  void theEncoderLearnsWithAdaptersAtItsEnd() {
    long before = Scope.liveTensors();
    EncoderStep.AdaptedOnTop step = new EncoderStep.AdaptedOnTop();
    step.open();
    double first = step.run();
    double last = first;
    for (int i = 0; i < 12; i++) {
      last = step.run();
    }
    step.close();
    assertTrue(last < 0.8 * first, "%s after %s".formatted(last, first));
    assertEquals(before, Scope.liveTensors());
  }

  @Test
  void anUpdateSeesAllGradients() {
    UpdateStep step = new UpdateStep();
    step.open();
    double norm = step.graft();
    step.close();
    double elements = UpdateStep.TENSORS * 64.0 * 64 * 9;
    assertEquals(Math.sqrt(elements), norm, 0.01 * Math.sqrt(elements));
  }

  @Test
  void keptKeysChangeNoWord() {
    Generation generation = new Generation();
    generation.open();
    List<Long> cached = generation.cached();
    assertEquals(cached, generation.uncached());
    generation.close();
    assertEquals(Generation.TOKENS + 1, cached.size());
  }

  @Test
  void batchesOfOneLengthGiveTheSameAnswers() throws IOException {
    MixedLengths lengths = new MixedLengths();
    lengths.open(1, 32);
    double padded = lengths.padded();
    assertEquals(padded, lengths.byLength(), 1e-4 * MixedLengths.REQUESTS);
    lengths.close();
  }

  @Test
  void theCacheChangesNothing() throws IOException {
    HeadTraining training = new HeadTraining();
    training.open(8);
    List<Double> cached = training.cached();
    training.forget();
    List<Double> uncached = training.uncached();
    training.close();
    assertEquals(cached, uncached);
  }
}
