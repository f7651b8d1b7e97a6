package dev.graft.testkit.golden;

import dev.graft.tensor.HostTensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

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
    return bits(hash(name), index);
  }

  /** The fraction {@code v} in [0, 1) of element {@code index}. */
  public static double fraction(String name, long index) {
    return fraction(hash(name), index);
  }

  /** An input: {@code (2v - 1) * scale}. */
  public static HostTensor input(String name, double scale, long... shape) {
    return fill(name, shape, v -> (2 * v - 1) * scale);
  }

  /** Token ids: the bits modulo {@code vocabulary}, as 64-bit integers. */
  public static HostTensor ids(String name, long vocabulary, long... shape) {
    long[] values = new long[count(shape)];
    int hash = hash(name);
    Arrays.setAll(values, i -> Long.remainderUnsigned(bits(hash, i), vocabulary));
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
      case "bias", "mean" -> fill(name, shape, v -> 0.1 * (2 * v - 1));
      case "norm" -> fill(name, shape, v -> 1 + 0.1 * (2 * v - 1));
      case "var" -> fill(name, shape, v -> 0.5 + v);
      case "zero" -> HostTensor.of(new long[count(shape)], shape);
      default ->
          throw new IllegalArgumentException(
              "kind '%s' of %s is not filled; filled are weight, bias, norm, mean, var, zero"
                  .formatted(kind, name));
    };
  }

  private static HostTensor fill(String name, long[] shape, DoubleUnaryOperator ofFraction) {
    float[] values = new float[count(shape)];
    int hash = hash(name);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ofFraction.applyAsDouble(fraction(hash, i));
    }
    return HostTensor.of(values, shape);
  }

  private static int hash(String name) {
    int hash = 0x811C9DC5;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x01000193;
    }
    return hash;
  }

  private static long bits(int hash, long index) {
    long z = (((long) hash << 32) + index) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static double fraction(int hash, long index) {
    return (bits(hash, index) >>> 11) * 0x1p-53;
  }

  private static double fanIn(long[] shape) {
    return Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
  }

  private static int count(long[] shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }
}
