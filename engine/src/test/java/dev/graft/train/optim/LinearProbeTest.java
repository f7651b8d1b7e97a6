package dev.graft.train.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.plan.Settings;
import dev.graft.task.Classification;
import dev.graft.task.Metrics;
import dev.graft.task.Regression;
import dev.graft.task.Task;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.train.optim.LinearProbe.Part;
import dev.graft.train.optim.LinearProbe.Result;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinearProbeTest {

  private static final Task TASK = new Classification(List.of("a", "b", "c"));
  private static final int SIZE = 6;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Three overlapping clouds; the features are of very different scale, and one is constant. */
  private static Part clouds(int rows, long seed) {
    Random random = new Random(seed);
    float[] features = new float[rows * SIZE];
    double[][] targets = new double[rows][1];
    for (int i = 0; i < rows; i++) {
      targets[i][0] = i % 3;
      for (int j = 0; j < SIZE - 1; j++) {
        double signal = j % 3 == i % 3 ? 1.5 : 0;
        features[i * SIZE + j] = (float) ((signal + random.nextGaussian()) * Math.pow(10, j - 2));
      }
      features[i * SIZE + SIZE - 1] = 7;
    }
    return new Part(Tensor.of(features, rows, SIZE), targets);
  }

  private static double accuracy(Result result, Part part) {
    Tensor logits =
        Nn.linear(part.features(), Tensor.of(result.weight()), Tensor.of(result.bias()));
    return Metrics.ACCURACY.compute(TASK.scores(NamedTensors.of("logits", logits)), part.targets());
  }

  @Test
  void learnsOnFeaturesAsTheyAreWhateverTheirScale() {
    Result result = LinearProbe.fit(TASK, clouds(120, 1), clouds(60, 2), Settings.NONE);
    assertTrue(accuracy(result, clouds(300, 3)) > 0.75, "accuracy on new rows");
    assertEquals(5, result.validation().size());
    double best = result.validation().values().stream().mapToDouble(v -> v).max().orElseThrow();
    assertEquals(best, result.validation().get(result.l2()));
    assertEquals(best, result.metrics().get("accuracy"));
    assertTrue(result.metrics().containsKey("loss"), result.metrics().toString());
  }

  @Test
  void withoutRefitTheValidationFigureIsThatOfTheHead() {
    Part validation = clouds(60, 2);
    Result result = LinearProbe.fit(TASK, clouds(120, 1), validation, Settings.of("refit", false));
    assertEquals(
        result.validation().get(result.l2()), accuracy(result, validation), 1.0 / 60 + 1e-9);
    Result refitted = LinearProbe.fit(TASK, clouds(120, 1), validation, Settings.NONE);
    assertEquals(result.l2(), refitted.l2());
    assertNotEquals(result.weight(), refitted.weight());
  }

  @Test
  void aGivenPenaltyNeedsNoValidation() {
    Part none = new Part(Tensor.zeros(0, SIZE), new double[0][]);
    for (Object l2 : new Object[] {0.01, "0.01"}) {
      Result result = LinearProbe.fit(TASK, clouds(30, 1), none, Settings.of("l2", l2));
      assertEquals(0.01, result.l2());
      assertTrue(result.validation().isEmpty());
    }
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> LinearProbe.fit(TASK, clouds(4, 1), none, Settings.NONE))
            .getMessage();
    assertTrue(message.contains("give l2 as a number"), message);
    message =
        assertThrows(
                IllegalArgumentException.class,
                () -> LinearProbe.fit(TASK, clouds(30, 1), none, Settings.of("l2", "small")))
            .getMessage();
    assertTrue(message.contains("'small'; allowed: grid, or a number"), message);
  }

  @Test
  void withoutValidationEveryFifthRowPicks() {
    Part none = new Part(Tensor.zeros(0, SIZE), new double[0][]);
    Result result = LinearProbe.fit(TASK, clouds(200, 1), none, Settings.NONE);
    assertEquals(5, result.validation().size());
    assertTrue(accuracy(result, clouds(300, 3)) > 0.75, "accuracy on new rows");
  }

  @Test
  void aRegressionTaskIsARidge() {
    Task task = new Regression(0, 1);
    float[] features = {-1, 0, 1};
    Part part = new Part(Tensor.of(features, 3, 1), new double[][] {{-2}, {0}, {2}});
    Part none = new Part(Tensor.zeros(0, 1), new double[0][]);
    Settings settings = Settings.of("l2", 1).with("standardise", false);
    // Mean squared error Σ (w x - 2 x)² / 3 and w² / 2: w = 8/3 / (4/3 + 1).
    Result result = LinearProbe.fit(task, part, none, settings);
    assertEquals(8.0 / 7, result.weight().get(0), 1e-4);
    assertEquals(0, result.bias().get(0), 1e-4);
  }

  @Test
  void leavesNothingBehind() {
    Part training = clouds(30, 1);
    Part validation = clouds(30, 2);
    long before = Scope.liveTensors();
    Result first = LinearProbe.fit(TASK, training, validation, Settings.NONE);
    assertEquals(before, Scope.liveTensors());
    assertEquals(
        first.weight(), LinearProbe.fit(TASK, training, validation, Settings.NONE).weight());
  }
}
