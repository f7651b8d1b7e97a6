package dev.graft.data;

/** A deterministic change of an example: the same in evaluation, prediction and feature caching. */
@FunctionalInterface
public interface EvalTransform {

  /** The changed example. Called from several threads at once. */
  Example apply(Example example);
}
