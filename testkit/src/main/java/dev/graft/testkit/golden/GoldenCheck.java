package dev.graft.testkit.golden;

/** Compares what this project computes with the content of one file of reference values. */
@FunctionalInterface
public interface GoldenCheck {

  /**
   * Checks one file.
   *
   * @return what came of it; an assertion error or any other exception counts as failed
   * @throws Exception whatever the checked code throws
   */
  GoldenOutcome check(GoldenCase golden) throws Exception;
}
