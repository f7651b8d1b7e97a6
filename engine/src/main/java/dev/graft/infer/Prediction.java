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
   * Some words of an input.
   *
   * @param label what they are
   * @param text the words, a space between them
   * @param from the first of them, from 0
   * @param to the one behind the last
   * @param probability mean over the words of that of their tags
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
