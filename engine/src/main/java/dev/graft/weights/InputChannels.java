package dev.graft.weights;

import dev.graft.tensor.HostTensor;
import java.util.Arrays;

/**
 * Fits the weight of a first convolution, (out, in, height, width), to another number of input
 * channels, so that an input whose channels are all alike gives the same output as before.
 *
 * <p>To one channel: the sum over the old ones. To several: the old ones again and again, scaled by
 * old number over new. A grey picture given to a colour network and a colour picture given to a
 * grey one are treated alike by this rule; timm's {@code adapt_input_conv} uses it too.
 */
final class InputChannels {

  private InputChannels() {}

  /** True if the shapes differ in the number of input channels only. */
  static boolean fits(long[] found, long[] wanted) {
    if (found.length != 4 || wanted.length != 4 || found[1] == 0 || wanted[1] == 0) {
      return false;
    }
    long[] same = found.clone();
    same[1] = wanted[1];
    return Arrays.equals(same, wanted);
  }

  static String describe(long[] found, long[] wanted) {
    return "%d input channels made %d, %s"
        .formatted(
            found[1],
            wanted[1],
            wanted[1] == 1
                ? "summed"
                : "repeated and scaled by %d/%d".formatted(found[1], wanted[1]));
  }

  /** The weight for {@code channels} input channels, as 32-bit floats. */
  static HostTensor adapt(HostTensor weight, long channels) {
    long[] shape = weight.shape();
    float[] old = weight.toFloats();
    int before = Math.toIntExact(shape[1]);
    int after = Math.toIntExact(channels);
    int area = Math.toIntExact(shape[2] * shape[3]);
    shape[1] = channels;
    float[] values = new float[Math.toIntExact(shape[0] * channels * area)];
    for (int i = 0; i < values.length; i++) {
      int out = i / (after * area);
      int channel = i / area % after;
      int first = out * before * area + i % area;
      values[i] =
          after == 1
              ? sum(old, first, area, before)
              : old[first + channel % before * area] * before / after;
    }
    return HostTensor.of(values, shape);
  }

  private static float sum(float[] values, int first, int step, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[first + i * step];
    }
    return (float) sum;
  }
}
