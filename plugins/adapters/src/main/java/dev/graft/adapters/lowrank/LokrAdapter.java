package dev.graft.adapters.lowrank;

import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Host;
import dev.graft.layers.Initial;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Linalg;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Kronecker product of a small and a large matrix (Yeh et al. 2024): W1 ⊗ W2. Both sides of the
 * weight are split into two factors as equal as they can be; W2, and W1 if asked for, is a product
 * of low rank where that is smaller.
 */
final class LokrAdapter extends DeltaAdapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("rank", 8, 1, 4096, "rank of a factor where that makes it smaller"),
          Setting.flag("decompose_both", false, "whether the small matrix is of low rank too"),
          Setting.integer(
              "factor",
              -1,
              -1,
              1 << 16,
              "size of the small matrix; -1: as near the root as can be"));

  private final Tensor[] small;
  private final Tensor[] large;
  private final long[] smallShape;
  private final long[] largeShape;

  LokrAdapter(Host host, Settings settings) {
    super(host);
    int rank = settings.integer("rank");
    long[] kernel =
        host.form() == Host.Form.CONVOLUTION
            ? Arrays.copyOfRange(host.weight().shape(), 2, 4)
            : new long[0];
    long cells = Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
    long[] rows = split(host.rows(), settings.integer("factor"));
    long[] columns = split(host.columns() / cells, settings.integer("factor"));
    smallShape = new long[] {rows[0], columns[0]};
    largeShape = new long[2 + kernel.length];
    largeShape[0] = rows[1];
    largeShape[1] = columns[1];
    System.arraycopy(kernel, 0, largeShape, 2, kernel.length);
    boolean smallProduct =
        settings.flag("decompose_both") && rank < Math.max(rows[0], columns[0]) / 2.0;
    boolean largeProduct = rank < Math.max(rows[1], columns[1]) / 2.0;
    small = factor("lokr_w1", smallShape, smallProduct ? rank : 0, /* zero= */ true);
    large = factor("lokr_w2", largeShape, largeProduct ? rank : 0, /* zero= */ false);
  }

  private Tensor[] factor(String name, long[] shape, long rank, boolean zero) {
    if (rank == 0) {
      return new Tensor[] {parameter(name, zero ? Tensor.zeros(shape) : Initial.fanIn(shape))};
    }
    long columns = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
    long[] left = {shape[0], rank};
    return new Tensor[] {
      parameter(name + "_a", zero ? Tensor.zeros(left) : Initial.fanIn(left)),
      parameter(name + "_b", Initial.fanIn(new long[] {rank, columns}))
    };
  }

  /**
   * Two factors of a size, the smaller one first: as near to each other as they can be, or the
   * given one and the rest where it divides.
   */
  static long[] split(long size, long factor) {
    if (factor > 0 && size % factor == 0) {
      return new long[] {factor, size / factor};
    }
    long limit = factor == -1 ? size : factor;
    long best = 1;
    for (long i = 1; i * i <= size && i <= limit; i++) {
      if (size % i == 0) {
        best = i;
      }
    }
    return new long[] {best, size / best};
  }

  @Override
  protected Tensor delta() {
    Tensor left = product(small);
    Tensor right = product(large).reshape(largeShape);
    long[] shape = Arrays.copyOf(smallShape, largeShape.length);
    Arrays.fill(shape, 2, shape.length, 1);
    return Linalg.kronecker(left.reshape(shape), right.contiguous())
        .reshape(host().rows(), host().columns());
  }

  private static Tensor product(Tensor[] factors) {
    return factors.length == 1 ? factors[0] : factors[0].matmul(factors[1]);
  }
}
