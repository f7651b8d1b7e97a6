package dev.graft.testkit.golden;

import dev.graft.tensor.HostTensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The formula that gives every tensor of the reference runs its values: element {@code i} of the
 * tensor NAME depends on NAME and {@code i} alone, so both sides fill their networks alike without
 * exchanging weights.
 *
 * <p>NAME is hashed (FNV-1a, 32 bits); hash and index form a 64-bit counter; one splitmix64 step
 * mixes it; its upper 53 bits are the fraction {@code v} in [0, 1). Values are computed in double
 * precision and then rounded to float. The README beside the reference values defines it.
 */
public final class GoldenFill {

  private GoldenFill() {}

  /**
   * The 64 mixed bits of element {@code index} of the tensor {@code name}, as an unsigned number.
   */
  public static long bits(String name, long index) {
    int hash = 0x811C9DC5;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x01000193;
    }
    long z = (((long) hash << 32) + index) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The fraction {@code v} in [0, 1) of element {@code index}. */
  public static double fraction(String name, long index) {
    return (bits(name, index) >>> 11) * 0x1p-53;
  }

  /** An input: {@code (2v - 1) * scale}. */
  public static HostTensor input(String name, double scale, long... shape) {
    return fill(shape, i -> (2 * fraction(name, i) - 1) * scale);
  }

  /** Token ids: the bits modulo {@code vocabulary}, as 64-bit integers. */
  public static HostTensor ids(String name, long vocabulary, long... shape) {
    long[] values = new long[count(shape)];
    Arrays.setAll(values, i -> Long.remainderUnsigned(bits(name, i), vocabulary));
    return HostTensor.of(values, shape);
  }

  /**
   * A tensor of one of the kinds that the reference files name: {@code weight}, {@code bias},
   * {@code norm}, {@code mean}, {@code var}, {@code zero}.
   *
   * @throws IllegalArgumentException for {@code keep} and {@code tied}, which are not filled, and
   *     for an unknown kind
   */
  public static HostTensor of(String kind, String name, long... shape) {
    return switch (kind) {
      case "weight" -> input(name, Math.sqrt(3.0 / fanIn(shape)), shape);
      case "bias", "mean" -> fill(shape, i -> 0.1 * (2 * fraction(name, i) - 1));
      case "norm" -> fill(shape, i -> 1 + 0.1 * (2 * fraction(name, i) - 1));
      case "var" -> fill(shape, i -> 0.5 + fraction(name, i));
      case "zero" -> HostTensor.of(new long[count(shape)], shape);
      default ->
          throw new IllegalArgumentException(
              "kind '%s' of %s is not filled; filled are weight, bias, norm, mean, var, zero"
                  .formatted(kind, name));
    };
  }

  private static HostTensor fill(long[] shape, Formula formula) {
    float[] values = new float[count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) formula.value(i);
    }
    return HostTensor.of(values, shape);
  }

  private static double fanIn(long[] shape) {
    return Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
  }

  private static int count(long[] shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  @FunctionalInterface
  private interface Formula {
    double value(int index);
  }
}
