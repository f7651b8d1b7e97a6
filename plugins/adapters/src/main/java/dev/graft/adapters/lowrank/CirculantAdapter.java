package dev.graft.adapters.lowrank;

import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Host;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Circular convolution by blocks (Chen et al. 2024, C3A): the added matrix consists of circulant
 * blocks, each of which is given by one column, over the number of columns of the weight.
 */
final class CirculantAdapter extends DeltaAdapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer(
              "block", 0, 0, 1 << 16, "side of a block; 0: the largest that divides both sides"));

  private final Tensor kernel;
  private final Tensor cyclic;
  private final int side;

  CirculantAdapter(Host host, Settings settings) {
    super(host);
    long asked = settings.integer("block");
    long largest = gcd(host.rows(), host.columns());
    if (asked > 0 && largest % asked != 0) {
      throw new IllegalArgumentException(
          "blocks of %d do not divide a weight of %d x %d; allowed: divisors of %d, or 0"
              .formatted(asked, host.rows(), host.columns(), largest));
    }
    side = (int) (asked > 0 ? asked : largest);
    kernel = parameter("c3a_kernel", Tensor.zeros(host.rows() / side, host.columns() / side, side));
    long[] index = new long[side * side];
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        index[i * side + j] = Math.floorMod(i - j, side);
      }
    }
    cyclic = buffer("c3a_order", Tensor.of(index, index.length));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  @Override
  protected Tensor delta() {
    long rows = kernel.size(0);
    long columns = kernel.size(1);
    return kernel
        .indexSelect(2, cyclic)
        .reshape(rows, columns, side, side)
        .permute(0, 2, 1, 3)
        .reshape(rows * side, columns * side)
        .div((double) (columns * side));
  }
}
