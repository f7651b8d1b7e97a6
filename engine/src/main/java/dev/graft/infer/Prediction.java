package dev.graft.infer;

import java.util.List;

/**
 * What a model says about one input.
 *
 * @param id name of the input
 * @param top classes with the highest probabilities, highest first; empty where the task predicts a
 *     number
 * @param value the number, in the unit of the target; NaN where the task predicts a class
 */
public record Prediction(String id, List<Candidate> top, double value) {

  /**
   * One class.
   *
   * @param label its name
   * @param probability from 0 to 1
   */
  public record Candidate(String label, double probability) {}

  /** The most probable label. */
  public String label() {
    return top.get(0).label();
  }
}
