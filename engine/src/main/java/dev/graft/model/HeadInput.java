package dev.graft.model;

/** What the head of a task reads from the features of an example. */
public enum HeadInput {
  /** One vector: (N, D). */
  EXAMPLE,
  /** One vector per position of a sequence: (N, L, D). */
  POSITION,
  /** The same where two positions are chosen, a beginning and an end: (N, L, D). */
  SPAN
}
