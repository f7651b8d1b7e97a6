package dev.graft.tensor;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The C++ kernels of {@code src/main/cpp}, where their arguments are explained. {@link Runtime}
 * loads them; ask {@link Runtime#hasKernels()} before a call.
 */
@Platform(include = {"denormals.h", "memory.h", "optimizer_step.h", "pixels.h"})
@Namespace("graft")
final class Kernels {

  private Kernels() {}

  @Name("flush_denormals")
  static native boolean flushDenormals(boolean on);

  @Name("memory_address")
  static native long memoryAddress(@Cast("int64_t") long tensor);

  @Name("memory_size")
  static native long memorySize(@Cast("int64_t") long tensor);

  @Name("optimizer_step")
  static native double optimizerStep(
      @Cast("const int64_t*") long[] handles,
      @Cast("const int64_t*") long[] updates,
      @Cast("const double*") double[] rates,
      @Cast("int64_t") long count,
      @Cast("const double*") double[] settings);

  @Name("gradient_norm")
  static native double gradientNorm(
      @Cast("const int64_t*") long[] gradients, @Cast("int64_t") long count);

  @Name("normalize_pixels")
  static native void normalizePixels(
      @Cast("const uint8_t*") ByteBuffer in,
      @Cast("int64_t") long outAddress,
      @Cast("int64_t") long images,
      @Cast("int64_t") long area,
      @Cast("int64_t") long channels,
      @Cast("const float*") float[] scale,
      @Cast("const float*") float[] shift,
      boolean channelsLast);
}
