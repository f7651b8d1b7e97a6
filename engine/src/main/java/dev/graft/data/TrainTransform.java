package dev.graft.data;

import java.util.random.RandomGenerator;

/** A random change of an example, for training only. */
@FunctionalInterface
public interface TrainTransform {

  /**
   * The changed example. Called from several threads at once; all randomness comes from {@code
   * random}, which is seeded by run, epoch and example, so that the order of threads is irrelevant.
   */
  Example apply(Example example, RandomGenerator random);
}
