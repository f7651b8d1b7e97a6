package dev.graft.distillation;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** Steps that many losses share, as pure functions. */
public final class Compare {

  /** Rows shorter than this are divided by this, so that a row of zeros has a gradient. */
  private static final double SHORTEST = 1e-12;

  private Compare() {}

  /** Vectors along a dimension scaled to length 1; finite, with its gradient, for zeros too. */
  public static Tensor unit(Tensor x, int dim) {
    Tensor squares = x.mul(x).sum(true, dim);
    return x.div(squares.clamp(SHORTEST * SHORTEST, Double.POSITIVE_INFINITY).sqrt());
  }

  /** All pairs of rows of (N, D) multiplied: (N, N). */
  public static Tensor products(Tensor rows) {
    return rows.matmul(rows.transpose(0, 1));
  }

  /** Two maps at the smaller height and width of both, by mean over cells. */
  public record Maps(Tensor student, Tensor teacher) {

    /** Maps (N, C, H, W) of any two sizes. */
    public static Maps alike(Tensor student, Tensor teacher) {
      long height = Math.min(student.size(2), teacher.size(2));
      long width = Math.min(student.size(3), teacher.size(3));
      return new Maps(pooled(student, height, width), pooled(teacher, height, width));
    }
  }

  private static Tensor pooled(Tensor map, long height, long width) {
    boolean right = map.size(2) == height && map.size(3) == width;
    return right ? map : Nn.adaptiveAvgPool2d(map, height, width);
  }

  /** A map in another size, each cell that of the old one at the same place. */
  public static Tensor nearest(Tensor map, long height, long width) {
    return stretched(stretched(map, 2, height), 3, width);
  }

  private static Tensor stretched(Tensor map, int dim, long size) {
    long before = map.size(dim);
    if (before == size) {
      return map;
    }
    long[] from = new long[Math.toIntExact(size)];
    for (int i = 0; i < from.length; i++) {
      from[i] = i * before / size;
    }
    return map.indexSelect(dim, Tensor.of(from, from.length));
  }
}
