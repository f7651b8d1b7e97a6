package dev.graft.text.block;

import dev.graft.tensor.DType;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Rotary position embedding (Su et al. 2021): pairs of features of queries and keys are turned by
 * an angle that grows with the position, so that scores depend on distances.
 *
 * @param size features of a head that are turned, even; those behind them stay
 * @param theta base of the angles
 * @param scaling factor by which positions are divided; 1 for none
 * @param adjacent whether feature 2i pairs with 2i + 1; otherwise i pairs with i + size / 2
 */
public record Rotary(int size, double theta, double scaling, boolean adjacent) {

  public Rotary {
    if (size < 2 || size % 2 != 0) {
      throw new IllegalArgumentException(
          "rotary embedding turns pairs of features; %d is not an even number".formatted(size));
    }
  }

  /** Cosines and sines for some positions, (L, size) each. */
  record Angles(Tensor cos, Tensor sin) {}

  /** Angles of the positions {@code first … first + count - 1}. */
  Angles angles(long first, long count) {
    float[] angles = new float[Math.toIntExact(count) * size];
    int half = size / 2;
    for (int position = 0; position < count; position++) {
      for (int i = 0; i < half; i++) {
        // In the precision of the libraries the weights come from.
        float frequency = (float) (1.0 / Math.pow(theta, 2.0 * i / size));
        float angle = (float) ((first + position) / scaling) * frequency;
        int at = position * size;
        angles[at + (adjacent ? 2 * i : i)] = angle;
        angles[at + (adjacent ? 2 * i + 1 : i + half)] = angle;
      }
    }
    Tensor table = Tensor.of(angles, count, size);
    return new Angles(table.cos(), table.sin());
  }

  /** Turns (N, heads, L, d). */
  Tensor apply(Tensor x, Angles angles) {
    long width = x.size(-1);
    Tensor turned = width == size ? x : x.narrow(3, 0, size);
    Tensor result = turned.mul(angles.cos()).add(quarter(turned).mul(angles.sin()));
    return width == size ? result : Tensor.cat(List.of(result, x.narrow(3, size, width - size)), 3);
  }

  /** Each pair turned by a right angle. */
  private Tensor quarter(Tensor x) {
    if (!adjacent) {
      long half = size / 2;
      return Tensor.cat(List.of(x.narrow(3, half, half).neg(), x.narrow(3, 0, half)), 3);
    }
    long[] shape = x.shape();
    long[] pairs = Arrays.copyOf(shape, shape.length + 1);
    pairs[shape.length - 1] = size / 2;
    pairs[shape.length] = 2;
    Tensor split = x.reshape(pairs);
    Tensor first = split.narrow(4, 0, 1);
    Tensor second = split.narrow(4, 1, 1);
    return Tensor.cat(List.of(second.neg(), first), 4).reshape(shape).to(DType.FLOAT32);
  }
}
