package dev.graft.task.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.task.Metric;
import dev.graft.task.Tasks;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Targets, loss and answers by hand. */
class QuestionAnsweringTest {

  private static final QuestionAnswering TASK = new QuestionAnswering();

  /** Position 0 is the question's; 1, 2 and 3 are "the", "old" and "man" of "the old man". */
  private static NamedTensors inputs() {
    long[] text = "the old man".codePoints().asLongStream().toArray();
    return NamedTensors.of(
        Map.of(
            QuestionAnswering.BEGINS, Tensor.of(new long[] {-1, 0, 4, 8}, 1, 4),
            QuestionAnswering.ENDS, Tensor.of(new long[] {-1, 3, 7, 11}, 1, 4),
            QuestionAnswering.CONTEXT, Tensor.of(text, 1, text.length)));
  }

  private static double[][] rows(AnswerSpan... answers) {
    return new double[][] {AnswerSpan.row(List.of(answers))};
  }

  private static double metric(String id, double[][] scores, double[][] truth) {
    Metric found = TASK.metrics().stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
    return found.compute(scores, truth);
  }

  private static NamedTensors outputs(int begin, int end) {
    float[] logits = new float[8];
    logits[2 * begin] = 5;
    logits[2 * end + 1] = 5;
    return NamedTensors.of("logits", Tensor.of(logits, 1, 4, 2));
  }

  @Test
  void answersAreRowsAndBack() {
    List<AnswerSpan> answers = List.of(new AnswerSpan(3, 5, "é😀"), new AnswerSpan(0, 0, ""));
    assertEquals(answers, AnswerSpan.of(AnswerSpan.row(answers)));
  }

  @Test
  void aTargetIsTheFirstAndTheLastPositionThatTouchIt() {
    try (Scope scope = Scope.open()) {
      NamedTensors inputs = inputs();
      double[][] inside = rows(new AnswerSpan(5, 10, "ld ma"));
      assertArrayEquals(new long[] {2, 3}, TASK.targets(inside, inputs).get("labels").toLongs());
      double[][] unseen = rows(new AnswerSpan(8, 12, "mane"));
      assertArrayEquals(new long[] {0, 0}, TASK.targets(unseen, inputs).get("labels").toLongs());
    }
  }

  /** The second part of "the old man" holds "old" and "man". */
  @Test
  void anAnswerThatBeginsInFrontOfAPartIsNotInIt() {
    try (Scope scope = Scope.open()) {
      NamedTensors part =
          inputs()
              .with(QuestionAnswering.BEGINS, Tensor.of(new long[] {-1, -1, 4, 8}, 1, 4))
              .with(QuestionAnswering.ENDS, Tensor.of(new long[] {-1, -1, 7, 11}, 1, 4));
      double[][] cut = rows(new AnswerSpan(0, 7, "the old"));
      assertArrayEquals(new long[] {0, 0}, TASK.targets(cut, part).get("labels").toLongs());
      double[][] whole = rows(new AnswerSpan(4, 7, "old"));
      assertArrayEquals(new long[] {2, 2}, TASK.targets(whole, part).get("labels").toLongs());
    }
  }

  @Test
  void theLikeliestAnswerOfAllPartsCounts() {
    try (Scope scope = Scope.open()) {
      double[] nothing = TASK.scores(outputs(0, 0), inputs())[0];
      double[] sure = TASK.scores(outputs(2, 2), inputs())[0];
      assertTrue(nothing[0] < 0.01, "the first position says that there is none: " + nothing[0]);
      sure[1] = 7;
      double[] both = TASK.ofParts(List.of(nothing, sure));
      assertEquals("old", QuestionAnswering.answer(both).text());
      assertEquals(sure[0], both[0]);
      assertEquals(11, both[1], "the parts together see all of it");
    }
  }

  @Test
  void theLossIsTheMeanOfBothCrossEntropies() {
    try (Scope scope = Scope.open()) {
      NamedTensors targets = TASK.targets(rows(new AnswerSpan(4, 7, "old")), inputs());
      double sure = Math.log(1 + 3 * Math.exp(-5));
      assertEquals(sure, TASK.loss(outputs(2, 2), targets).item(), 1e-5);
      assertEquals(sure + 2.5, TASK.loss(outputs(2, 3), targets).item(), 1e-5);
    }
  }

  @Test
  void theLikeliestAnswerStandsInTheTextAndIsNotBackwards() {
    try (Scope scope = Scope.open()) {
      double[] found = TASK.scores(outputs(1, 2), inputs())[0];
      assertEquals(new AnswerSpan(0, 7, "the old"), QuestionAnswering.answer(found));
      assertTrue(found[0] > 0.9 && found[0] < 1, "" + found[0]);
      double[] question = TASK.scores(outputs(0, 3), inputs())[0];
      assertEquals(11, QuestionAnswering.answer(question).end(), "the question is no answer");
      double[] backwards = TASK.scores(outputs(3, 1), inputs())[0];
      AnswerSpan proper = QuestionAnswering.answer(backwards);
      assertTrue(proper.begin() < proper.end(), "" + proper);
    }
  }

  @Test
  void casePunctuationAndArticlesDoNotCount() {
    try (Scope scope = Scope.open()) {
      double[][] scores = TASK.scores(outputs(1, 2), inputs());
      double[][] same = rows(new AnswerSpan(4, 8, "Old."));
      assertEquals(1, metric("exact_match", scores, same));
      double[][] more = rows(new AnswerSpan(0, 11, "the old man"));
      assertEquals(0, metric("exact_match", scores, more));
      assertEquals(2.0 / 3, metric("f1", scores, more), 1e-9);
      double[][] either = rows(new AnswerSpan(8, 11, "man"), new AnswerSpan(4, 7, "old"));
      assertEquals(1, metric("exact_match", scores, either), "of several answers the best counts");
      assertEquals(0, metric("unseen_answers", scores, either));
      assertEquals(1, metric("unseen_answers", scores, rows(new AnswerSpan(9, 30, "x"))));
    }
  }

  @Test
  void settingsBuildItAgain() {
    assertEquals(TASK, Tasks.of(TASK.id(), TASK.settings()));
  }
}
