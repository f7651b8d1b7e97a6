package dev.graft.tensor;

import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/** The environment of this process as C sees it, of which Java reads a copy, and C's allocator. */
@Platform(include = "environment.h")
@Namespace("graft")
final class ProcessEnvironment {

  private ProcessEnvironment() {}

  /** Sets a variable unless it is there already; returns whether it was set. */
  @Name("set_if_absent")
  static native boolean setIfAbsent(String name, String value);

  /** The value, or null. */
  static native String get(String name);

  /**
   * Tells the allocator to keep up to {@code spare} freed bytes at the end of the heap and to map
   * only pieces of {@code mapped} bytes and more by themselves; false where it has no such
   * settings.
   */
  @Name("keep_freed_memory")
  static native boolean keepFreedMemory(int mapped, int spare);
}
