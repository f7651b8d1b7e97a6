package dev.graft.server.access;

/** What a token allows; each role allows what those before it do. */
public enum Role {
  /** Asking models and about models. */
  INFER,
  /** Starting, watching and cancelling jobs. */
  TRAIN,
  /** Loading, unloading and promoting models. */
  MANAGE;

  boolean allows(Role needed) {
    return compareTo(needed) >= 0;
  }
}
