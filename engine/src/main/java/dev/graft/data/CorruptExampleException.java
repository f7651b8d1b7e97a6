package dev.graft.data;

import java.io.IOException;

/** The content of one example cannot be read. The run may skip and count it, or stop. */
public final class CorruptExampleException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String id;

  /** Names the example and says what is wrong with it. */
  public CorruptExampleException(String id, String problem, Throwable cause) {
    super("cannot read '%s': %s".formatted(id, problem), cause);
    this.id = id;
  }

  /** Name of the example. */
  public String id() {
    return id;
  }
}
