package dev.graft.text.generate;

import dev.graft.data.Example;
import dev.graft.spi.Generator.Exercise;
import dev.graft.text.preprocessing.Texts;
import java.util.Optional;

/** What a model is asked to go on with, example by example. */
final class Exercises {

  /** The beginning of a plain text that is given, and the most of it, in code points. */
  private static final double GIVEN = 0.4;

  private static final int MOST_GIVEN = 200;

  private Exercises() {}

  /** A text for its target, a question for its answer, the beginning of a text for the rest. */
  static Optional<Exercise> of(Example raw) {
    String text = Texts.text(raw);
    Optional<String> target = Texts.target(raw);
    if (target.isPresent()) {
      return Optional.of(new Exercise(text, target.get()));
    }
    Optional<long[]> answers = Texts.answers(raw);
    if (answers.isPresent()) {
      int begin = text.offsetByCodePoints(0, (int) answers.get()[0]);
      int end = text.offsetByCodePoints(0, (int) answers.get()[1]);
      return Optional.of(new Exercise(text.substring(0, begin), text.substring(begin, end)));
    }
    int most = (int) Math.min(MOST_GIVEN, GIVEN * text.codePointCount(0, text.length()));
    int cut = text.lastIndexOf(' ', text.offsetByCodePoints(0, most));
    return cut < 1
        ? Optional.empty()
        : Optional.of(new Exercise(text.substring(0, cut), text.substring(cut)));
  }
}
