package dev.graft.tensor;

import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/** The environment of this process as C sees it; Java can only read its own copy. */
@Platform(include = "environment.h")
@Namespace("graft")
final class ProcessEnvironment {

  private ProcessEnvironment() {}

  /** Sets a variable unless it is there already; returns whether it was set. */
  @Name("set_if_absent")
  static native boolean setIfAbsent(String name, String value);

  /** The value, or null. */
  static native String get(String name);
}
