package dev.graft.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sets of labels, by hand; the figures stand against reference values elsewhere. */
class MultiLabelTest {

  private static final MultiLabel TASK = new MultiLabel(List.of("sad", "funny"));

  @Test
  void eachLabelIsDecidedByItself() {
    try (Scope scope = Scope.open()) {
      NamedTensors outputs = NamedTensors.of("logits", Tensor.of(new float[] {0, 0, 2, -2}, 2, 2));
      double[][] scores = TASK.scores(outputs);
      assertArrayEquals(new double[] {0.5, 0.5}, scores[0], 1e-6);
      assertEquals(1, scores[1][0] + scores[1][1], 1e-6);
      double[][] truth = {{1, 1}, {1, 0}};
      NamedTensors targets = TASK.targets(truth, NamedTensors.of(Map.of()));
      double expected = (Math.log(2) + Math.log1p(Math.exp(-2))) / 2;
      assertEquals(expected, TASK.loss(outputs, targets).item(), 1e-6);
      assertEquals(1, LabelSets.of(scores, truth).microF1());
    }
  }

  @Test
  void labelsThatNobodyHasLeaveTheRankingAlone() {
    LabelSets sets =
        LabelSets.of(
            new double[][] {{0.9, 0.2, 0.1}, {0.1, 0.7, 0.3}},
            new double[][] {{1, 0, 0}, {0, 1, 0}});
    assertEquals(1, sets.averagePrecision());
    assertEquals(1, sets.rankingPrecision());
    assertEquals(2.0 / 3, sets.macroF1(), 1e-12, "an F1 of nothing is 0");
  }

  @Test
  void settingsBuildItAgain() {
    assertEquals(TASK, Tasks.of(TASK.id(), TASK.settings()));
  }
}
