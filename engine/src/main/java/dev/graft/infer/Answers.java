package dev.graft.infer;

import dev.graft.data.Example;
import dev.graft.spi.Modality;
import dev.graft.task.Task;
import dev.graft.task.sequence.AnswerSpan;
import dev.graft.task.sequence.Entity;
import dev.graft.task.sequence.QuestionAnswering;
import dev.graft.task.sequence.TokenClassification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Scores of an example as what they mean. */
final class Answers {

  private final Task task;
  private final Modality modality;

  Answers(Task task, Modality modality) {
    this.task = task;
    this.modality = modality;
  }

  /**
   * The answer for an example.
   *
   * @param example as it was decoded
   * @param top number of labels, where the task gives labels to examples
   */
  Prediction of(Example example, double[] scores, int top) {
    return switch (task.targetKind()) {
      case CLASS, LABELS ->
          new Prediction(example.id(), likeliest(scores, top), Double.NaN, List.of());
      case NUMBER, NEXT_WORD, TEXT, MASKED_WORDS ->
          new Prediction(example.id(), List.of(), task.value(scores), List.of());
      case TAGS -> new Prediction(example.id(), List.of(), Double.NaN, spans(example, scores));
      case ANSWERS -> new Prediction(example.id(), List.of(), Double.NaN, List.of(answer(scores)));
    };
  }

  private List<Prediction.Candidate> likeliest(double[] scores, int top) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
        .limit(top)
        .map(i -> new Prediction.Candidate(task.labels().get(i), scores[i]))
        .toList();
  }

  private static Prediction.Span answer(double[] scores) {
    AnswerSpan found = QuestionAnswering.answer(scores);
    return new Prediction.Span("answer", found.text(), found.begin(), found.end(), scores[0]);
  }

  private List<Prediction.Span> spans(Example example, double[] scores) {
    List<String> words = modality.words(example);
    int tags = task.labels().size();
    List<Prediction.Span> spans = new ArrayList<>();
    for (Entity entity : Entity.of(new TokenClassification(task.labels()).tags(scores))) {
      double sum = 0;
      for (int word = entity.from(); word < entity.to(); word++) {
        sum += Arrays.stream(scores, word * tags, (word + 1) * tags).max().orElseThrow();
      }
      spans.add(
          new Prediction.Span(
              entity.type(),
              String.join(" ", words.subList(entity.from(), entity.to())),
              entity.from(),
              entity.to(),
              sum / (entity.to() - entity.from())));
    }
    return spans;
  }
}
