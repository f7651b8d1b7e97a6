package dev.graft.infer;

import java.util.List;

/**
 * What a model says about one input.
 *
 * @param id name of the input
 * @param top labels with the highest probabilities, highest first; empty where the task gives none
 *     to the input as a whole
 * @param value the number, in the unit of the target; NaN where the task predicts no number
 * @param spans parts of the input that are something by name, in order; empty where the task names
 *     none
 */
public record Prediction(String id, List<Candidate> top, double value, List<Span> spans) {

  /**
   * One label.
   *
   * @param label its name
   * @param probability from 0 to 1
   */
  public record Candidate(String label, double probability) {}

  /**
   * A part of an input: some of its words, or some characters that answer a question.
   *
   * @param label what it is: the type of an entity, {@code answer}
   * @param text the words, a space between them, or the characters as they stand
   * @param from the first word, or for an answer the first character (code point), from 0
   * @param to the one behind the last
   * @param probability of an answer; of words the mean of the probabilities of their tags
   */
  public record Span(String label, String text, int from, int to, double probability) {}

  public Prediction {
    top = List.copyOf(top);
    spans = List.copyOf(spans);
  }

  /** The most probable label. */
  public String label() {
    return top.get(0).label();
  }
}
