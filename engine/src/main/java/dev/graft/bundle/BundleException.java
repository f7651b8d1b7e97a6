package dev.graft.bundle;

import java.io.IOException;

/** A folder or zip is no bundle, or one that cannot be trusted; the message says why. */
public final class BundleException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Says what was found, what is allowed and what to do. */
  public BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
