package dev.graft.server;

/** What a token allows. */
public enum Role {
  /** Asking models and about models. */
  INFER,
  /** Loading and unloading models, and all that {@link #INFER} allows. */
  MANAGE;

  boolean allows(Role needed) {
    return this == needed || this == MANAGE;
  }
}
