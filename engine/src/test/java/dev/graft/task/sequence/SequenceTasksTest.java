package dev.graft.task.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.task.Metric;
import dev.graft.task.MultiTask;
import dev.graft.task.Regression;
import dev.graft.task.Task;
import dev.graft.task.Tasks;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Targets, loss and scores of tasks over words, by hand. */
class SequenceTasksTest {

  private static final TokenClassification TAGS =
      new TokenClassification(List.of("B-p", "I-p", "O"));

  /** Two texts: three words of which the last is cut off, and one word. */
  private static NamedTensors starts() {
    int lost = TokenClassification.LOST;
    int none = TokenClassification.NO_WORD;
    return NamedTensors.of(
        TokenClassification.WORD_STARTS, Tensor.of(new long[] {1, 3, lost, 2, none, none}, 2, 3));
  }

  /** Logits (2, 4, 3): 9 for one tag at each position. */
  private static NamedTensors outputs() {
    int[] best = {2, 0, 2, 1, 2, 2, 1, 0};
    float[] flat = new float[24];
    for (int i = 0; i < best.length; i++) {
      flat[3 * i + best[i]] = 9;
    }
    return NamedTensors.of("logits", Tensor.of(flat, 2, 4, 3));
  }

  private static double metric(Task task, String id, double[][] scores, double[][] targets) {
    Metric found = task.metrics().stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
    return found.compute(scores, targets);
  }

  @Test
  void theFirstPieceSpeaksForItsWord() {
    try (Scope scope = Scope.open()) {
      double[][] scores = TAGS.scores(outputs(), starts());
      assertEquals(9, scores[0].length);
      assertEquals(List.of("B-p", "I-p", "O"), TAGS.tags(scores[0]), "what is lost is outside");
      assertEquals(List.of("I-p"), TAGS.tags(scores[1]));
      double[][] truth = {{0, 1, 1}, {1}};
      assertEquals(1, metric(TAGS, "lost_words", scores, truth));
      assertEquals(0.75, metric(TAGS, "word_accuracy", scores, truth));
      assertEquals(0.5, metric(TAGS, "entity_f1", scores, truth));
    }
  }

  @Test
  void theLossCountsSeenWordsAlone() {
    try (Scope scope = Scope.open()) {
      double right =
          TAGS.loss(outputs(), TAGS.targets(new double[][] {{0, 1, 0}, {1}}, starts())).item();
      double sure = Math.log(1 + 2 * Math.exp(-9));
      assertEquals(sure, right, 1e-5, "the lost word and the padding count nothing");
      double wrong =
          TAGS.loss(outputs(), TAGS.targets(new double[][] {{2, 1, 0}, {1}}, starts())).item();
      assertEquals(sure + 3, wrong, 1e-5);
    }
  }

  @Test
  void aTextOfWhichNothingIsSeenTeachesNothing() {
    try (Scope scope = Scope.open()) {
      NamedTensors lost =
          NamedTensors.of(TokenClassification.WORD_STARTS, Tensor.of(new long[] {-1}, 1, 1));
      NamedTensors targets = TAGS.targets(new double[][] {{0}}, lost);
      assertEquals(0, TAGS.loss(outputs(), targets).item());
    }
  }

  @Test
  void tagsAndWordsMustBeAsMany() {
    try (Scope scope = Scope.open()) {
      NamedTensors starts = starts();
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> TAGS.targets(new double[][] {{0, 1}, {1}}, starts))
              .getMessage();
      assertTrue(message.contains("2 tags and 3 words"), message);
    }
  }

  /** Two texts over three words: 0 1 2, and 1 2 with padding. */
  private static NamedTensors texts() {
    return NamedTensors.of(
        Map.of(
            "input_ids", Tensor.of(new long[] {0, 1, 2, 1, 2, 0}, 2, 3),
            "attention_mask", Tensor.of(new long[] {1, 1, 1, 1, 1, 0}, 2, 3)));
  }

  @Test
  void eachTokenIsToldFromThoseBeforeIt() {
    try (Scope scope = Scope.open()) {
      CausalLanguageModelling task = new CausalLanguageModelling();
      NamedTensors targets = task.targets(new double[2][0], texts());
      assertArrayEquals(new long[] {1, 2, -100, 2, -100, -100}, targets.get("labels").toLongs());
      NamedTensors even = NamedTensors.of("logits", Tensor.zeros(2, 3, 3));
      assertEquals(Math.log(3), task.loss(even, targets).item(), 1e-6);
      double[][] scores = task.scores(even, texts());
      assertEquals(2, scores[0].length);
      assertEquals(1, scores[1].length);
      assertEquals(3, metric(task, "perplexity", scores, new double[2][0]), 1e-6);
      assertEquals(3, task.value(scores[0]), 1e-6);
    }
  }

  @Test
  void perplexityWeighsTokensAlike() {
    double[][] scores = {{Math.log(0.5), Math.log(0.5), Math.log(0.5)}, {Math.log(1.0 / 16)}};
    double expected = Math.pow(8 * 16, 0.25);
    assertEquals(
        expected,
        metric(new CausalLanguageModelling(), "perplexity", scores, new double[2][0]),
        1e-9);
  }

  @Test
  void aTextOfOneTokenTeachesNothing() {
    try (Scope scope = Scope.open()) {
      NamedTensors one =
          NamedTensors.of(
              Map.of(
                  "input_ids", Tensor.of(new long[] {1}, 1, 1),
                  "attention_mask", Tensor.of(new long[] {1}, 1, 1)));
      CausalLanguageModelling task = new CausalLanguageModelling();
      NamedTensors outputs = NamedTensors.of("logits", Tensor.zeros(1, 1, 3));
      assertEquals(0, task.loss(outputs, task.targets(new double[1][0], one)).item());
      assertEquals(0, task.scores(outputs, one)[0].length);
    }
  }

  /** Two texts over three words: 2 0, and 1 with padding. */
  private static NamedTensors labelled() {
    return NamedTensors.of("labels", Tensor.of(new long[] {2, 0, 1, -100}, 2, 2));
  }

  @Test
  void aTargetIsExactWhereEveryWordIsTheLikeliest() {
    try (Scope scope = Scope.open()) {
      SequenceToSequence task = new SequenceToSequence();
      Tensor logits = Tensor.of(new float[] {0, 0, 9, 9, 0, 0, 9, 0, 0, 0, 0, 0}, 2, 2, 3);
      double[][] scores = task.scores(NamedTensors.of("logits", logits), labelled());
      assertEquals(3, scores[0].length);
      assertEquals(2, scores[1].length, "padding is no word");
      assertEquals(0.5, metric(task, "exact_match", scores, new double[2][0]));
      double sure = Math.log(1 + 2 * Math.exp(-9));
      double loss = (2 * sure + 9 + sure) / 3;
      assertEquals(Math.exp(loss), metric(task, "perplexity", scores, new double[2][0]), 1e-2);
      NamedTensors targets = task.targets(new double[2][0], labelled());
      assertEquals(loss, task.loss(NamedTensors.of("logits", logits), targets).item(), 1e-5);
    }
  }

  @Test
  void hiddenWordsAloneCount() {
    try (Scope scope = Scope.open()) {
      MaskedLanguageModelling task = new MaskedLanguageModelling();
      NamedTensors even = NamedTensors.of("logits", Tensor.zeros(2, 2, 3));
      double[][] scores = task.scores(even, labelled());
      assertEquals(3, metric(task, "perplexity", scores, new double[2][0]), 1e-5);
      NamedTensors nothing = NamedTensors.of("input_ids", Tensor.zeros(2, 2));
      String message =
          assertThrows(IllegalArgumentException.class, () -> task.scores(even, nothing))
              .getMessage();
      assertTrue(message.contains("none is hidden"), message);
    }
  }

  @Test
  void settingsBuildThemAgain() {
    for (Task task :
        List.of(
            TAGS,
            new CausalLanguageModelling(),
            new MaskedLanguageModelling(),
            new SequenceToSequence())) {
      assertEquals(task, Tasks.of(task.id(), task.settings()));
    }
  }

  @Test
  void theyAreNotOneOfSeveralTasks() {
    Map<String, Task> tasks = new LinkedHashMap<>(Map.of(Task.MAIN, new Regression(0, 1)));
    tasks.put("names", TAGS);
    String message =
        assertThrows(IllegalArgumentException.class, () -> new MultiTask(tasks)).getMessage();
    assertTrue(message.contains("'names' is token-classification"), message);
  }
}
