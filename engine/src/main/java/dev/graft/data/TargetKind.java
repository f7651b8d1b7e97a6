package dev.graft.data;

/**
 * What the targets of a data set are, and with that how a {@link Dataset#targetRow row} is read.
 */
public enum TargetKind {
  /** One number: {@code [value]}. */
  NUMBER,
  /** One of the classes: {@code [index]}. */
  CLASS,
  /** Any of the classes: a one for each that holds and a zero for each that does not. */
  LABELS,
  /** A class for each word of the example, in order: {@code [index, index, …]}. */
  TAGS,
  /** The words of the example itself, each to be told from those before it: {@code []}. */
  NEXT_WORD,
  /**
   * Parts of the example's text that answer its question: {@code [begin, end, length, character,
   * …]}, for each answer that is right, in code points.
   */
  ANSWERS,
  /** Another text, which the example holds beside its own: {@code []}. */
  TEXT,
  /** Words of the example itself that are hidden, each to be told from the others: {@code []}. */
  MASKED_WORDS
}
