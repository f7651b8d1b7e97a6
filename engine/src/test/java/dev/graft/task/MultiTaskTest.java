package dev.graft.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.layers.Layer;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several tasks as one, and each by itself. */
class MultiTaskTest {

  private static final Task PETS = new Classification(List.of("cat", "dog"));
  private static final Task AGE = new Regression(10, 2);
  private static final Task COATS = new Classification(List.of("long", "none", "short"));

  private static MultiTask tasks(Task... others) {
    Map<String, Task> all = new LinkedHashMap<>(Map.of(Task.MAIN, PETS));
    for (int i = 0; i < others.length; i++) {
      all.put("other-" + i, others[i]);
    }
    return new MultiTask(all);
  }

  @Test
  void eachTaskReadsItsOwnColumns() {
    MultiTask task = tasks(AGE, COATS);
    try (Scope scope = Scope.open()) {
      NamedTensors outputs =
          NamedTensors.of(
              "logits", Tensor.of(new float[] {0, 0, 1.5f, 0, 0, 20, 9, 0, -1, 20, 0, 0}, 2, 6));
      assertArrayEquals(new double[] {0.5, 0.5}, task.scores(outputs)[0]);
      Task age = task.ofData("other-0.validation");
      assertArrayEquals(new double[][] {{13}, {8}}, age.scores(outputs));
      Task coats = task.all().get("other-1");
      assertEquals(1, coats.scores(outputs)[0][2], 1e-6);
      assertEquals(0, coats.loss(outputs, coats.targets(new double[] {2, 0})).item(), 1e-6);
      assertEquals(PETS.labels(), task.ofData("training").labels());
      assertEquals(PETS.labels(), task.ofData("unlabelled").labels());
    }
  }

  @Test
  void outputsOfOneTaskCanBeReadByAnother() {
    MultiTask task = tasks(AGE, COATS);
    try (Scope scope = Scope.open()) {
      NamedTensors outputs =
          NamedTensors.of("logits", Tensor.of(new float[] {0, 0, 1.5f, 1, 2, 3}, 1, 6));
      NamedTensors pets = task.own(outputs);
      assertArrayEquals(new long[] {1, 2}, pets.get("logits").shape());
      NamedTensors coats = task.ofData("other-1.training").own(pets);
      assertArrayEquals(new float[] {1, 2, 3}, coats.get("logits").toFloats());
      assertArrayEquals(new double[][] {{13}}, task.all().get("other-0").scores(pets));
    }
  }

  @Test
  void theHeadHoldsOneHeadPerTask() {
    long before = Scope.liveTensors();
    MultiTask task = tasks(AGE, COATS);
    assertEquals(6, task.outputs());
    try (Scope scope = Scope.open();
        Layer head = task.head(4)) {
      assertEquals(List.of("main", "other-0", "other-1"), List.copyOf(head.children().keySet()));
      assertArrayEquals(new long[] {5, 6}, head.apply(Tensor.zeros(5, 4)).shape());
    }
    assertEquals(before, Scope.liveTensors());
  }

  @Test
  void settingsAreTheWayBack() {
    MultiTask task = tasks(AGE, COATS);
    assertEquals(task, Tasks.of(task.id(), task.settings()));
    assertThrows(
        IllegalArgumentException.class, () -> Tasks.of(MultiTask.ID, Map.of("tasks", "many")));
  }

  @Test
  void otherSetsOfTasksAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new MultiTask(Map.of(Task.MAIN, PETS)));
    assertThrows(
        IllegalArgumentException.class, () -> new MultiTask(Map.of("a", PETS, "b", COATS)));
    Map<String, Task> named = new LinkedHashMap<>(Map.of(Task.MAIN, PETS));
    named.put("a.b", COATS);
    String message =
        assertThrows(IllegalArgumentException.class, () -> new MultiTask(named)).getMessage();
    assertTrue(message.contains("'a.b'"), message);
  }

  @Test
  void theMeanSelectsWhereTheTasksAreAlikeAndTheLossWhereTheyAreNot() {
    assertEquals(new Figure("mean/accuracy", true), Figure.selector(tasks(COATS)));
    assertEquals(new Figure("mean/loss", false), Figure.selector(tasks(AGE)));
    assertEquals(new Figure("accuracy", true), Figure.selector(PETS));
    Evaluation pets =
        new Evaluation(
            new double[][] {{1, 0}, {1, 0}}, new double[][] {{0}, {1}}, new int[] {0, 1}, 3);
    Evaluation ages = new Evaluation(new double[][] {{4}}, new double[][] {{7}}, new int[] {0}, 1);
    Map<String, Double> values =
        Figure.values(tasks(AGE), Map.of(Task.MAIN, pets, "other-0", ages));
    assertEquals(2, values.get("mean/loss"));
    assertEquals(0.5, values.get("accuracy"));
    assertEquals(3, values.get("other-0/rmse"));
    assertEquals(pets.metrics(PETS), Figure.values(PETS, Map.of(Task.MAIN, pets)));
    assertEquals(Map.of(), Figure.values(tasks(AGE), Map.of()));
  }
}
