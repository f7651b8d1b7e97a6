package dev.graft.tensor;

import java.nio.ByteBuffer;

/** Batches of decoded images become normalised tensors, in one pass over the bytes. */
public final class Pixels {

  private Pixels() {}

  /**
   * What is done to each value of a channel: {@code value * scale[c] + shift[c]}.
   *
   * @param scale one per channel
   * @param shift one per channel
   */
  public record Normalization(float[] scale, float[] shift) {

    public Normalization {
      scale = scale.clone();
      shift = shift.clone();
      if (scale.length != shift.length || scale.length == 0) {
        throw new IllegalArgumentException(
            "%d scales and %d shifts; give one of each per channel"
                .formatted(scale.length, shift.length));
      }
    }

    /** {@code (value / 255 - mean) / std}, the usual form; mean and std are of values in [0, 1]. */
    public static Normalization of(double[] mean, double[] std) {
      float[] scale = new float[std.length];
      float[] shift = new float[mean.length];
      for (int c = 0; c < Math.min(scale.length, shift.length); c++) {
        scale[c] = (float) (1 / (255 * std[c]));
        shift[c] = (float) (-mean[c] / std[c]);
      }
      return new Normalization(scale, shift);
    }
  }

  /**
   * A batch ready for a network.
   *
   * @param images (N, H, W, C), UINT8; fastest in a direct buffer
   * @param normalization for C channels
   * @param channelsLast whether channels are innermost in the memory of the result
   * @return (N, C, H, W), FLOAT32
   */
  public static Tensor normalize(
      HostTensor images, Normalization normalization, boolean channelsLast) {
    long[] shape = images.shape();
    int channels = normalization.scale().length;
    if (images.dtype() != DType.UINT8 || shape.length != 4 || shape[3] != channels) {
      throw new IllegalArgumentException(
          "images are %s; give UINT8 of shape (N, H, W, %d)".formatted(images, channels));
    }
    if (!Runtime.hasKernels() || images.count() == 0) {
      return plain(images, normalization, channelsLast);
    }
    if (images.data().isDirect()) {
      return kernel(images.data(), shape, normalization, channelsLast);
    }
    try (Tensor staged = Tensor.of(images)) {
      return kernel(staged.bytes(), shape, normalization, channelsLast);
    }
  }

  private static Tensor kernel(
      ByteBuffer bytes, long[] shape, Normalization normalization, boolean channelsLast) {
    long[] sizes =
        channelsLast ? shape.clone() : new long[] {shape[0], shape[3], shape[1], shape[2]};
    try (Scope scope = Scope.open()) {
      Tensor result = Tensor.empty(DType.FLOAT32, sizes);
      Kernels.normalizePixels(
          bytes,
          result.handle().data_ptr().address(),
          shape[0],
          shape[1] * shape[2],
          shape[3],
          normalization.scale(),
          normalization.shift(),
          channelsLast);
      return scope.keep(channelsLast ? result.permute(0, 3, 1, 2) : result);
    }
  }

  /** The same in tensor operations: the reference of the kernel. */
  static Tensor plain(HostTensor images, Normalization normalization, boolean channelsLast) {
    try (Scope scope = Scope.open()) {
      long channels = normalization.scale().length;
      Tensor scale = Tensor.of(normalization.scale(), channels);
      Tensor shift = Tensor.of(normalization.shift(), channels);
      Tensor values = Tensor.of(images).to(DType.FLOAT32).mul(scale).add(shift);
      Tensor planes = values.permute(0, 3, 1, 2);
      return scope.keep(channelsLast ? planes : planes.contiguous());
    }
  }
}
