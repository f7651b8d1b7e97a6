package dev.graft.weights.hub;

import java.io.IOException;

/**
 * A model that could not be fetched. The message gives what was asked for, what the hub answered
 * and the next step; {@link #reason()} is for programs.
 */
public final class HubException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Reason {
    /** The hub wants a token, or another one. */
    UNAUTHORIZED,
    /** The token is valid, but its owner has not been given access. */
    FORBIDDEN,
    /** No such repository, revision or file. */
    NOT_FOUND,
    /** Nothing in the repository matches the patterns. */
    NOTHING_MATCHES,
    /** Offline, and not in the cache. */
    NOT_CACHED,
    /** No connection, or the hub failed, as often as was tried. */
    UNREACHABLE,
    /** The content is not what the hub announced. */
    WRONG_DIGEST,
    /** The hub's answer does not follow its protocol. */
    PROTOCOL,
    /** A name that would leave the cache folder. */
    UNSAFE_NAME,
    /** A redirect that would carry the transfer where it must not go. */
    UNSAFE_REDIRECT,
    /** The disk has no room. */
    NO_SPACE,
    /** Another pull of the same repository is going on in this process. */
    BUSY
  }

  private final Reason reason;

  HubException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  HubException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What went wrong. */
  public Reason reason() {
    return reason;
  }
}
