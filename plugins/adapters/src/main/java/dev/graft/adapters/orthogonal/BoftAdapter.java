package dev.graft.adapters.orthogonal;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Orthogonal fine-tuning by butterflies (Liu et al. 2024): columns are rotated in small blocks
 * several times, in another order each time, so that all of them mix; rows are scaled.
 */
final class BoftAdapter extends Adapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("block", 4, 1, 4096, "side of a block, at most; it divides the columns"),
          Setting.integer("factors", 1, 1, 16, "rotations after each other"));

  private final Tensor free;
  private final Tensor scale;
  private final List<Tensor> orders = new ArrayList<>();
  private final List<Tensor> inverses = new ArrayList<>();
  private final long side;

  BoftAdapter(Host host, Settings settings) {
    super(host);
    side = Rotations.divisor(host.columns(), settings.integer("block"));
    int factors = settings.integer("factors");
    long blocks = host.columns() / side;
    free = parameter("boft_R", Tensor.zeros(factors, blocks, side, side));
    scale = parameter("boft_s", Tensor.ones(host.rows(), 1));
    for (int i = 0; i < factors; i++) {
      long[] order = order((int) host.columns(), (int) blocks >> i, (int) side / 2, factors);
      long[] inverse = new long[order.length];
      for (int j = 0; j < order.length; j++) {
        inverse[(int) order[j]] = j;
      }
      orders.add(buffer("boft_order_" + i, Tensor.of(order, order.length)));
      inverses.add(buffer("boft_inverse_" + i, Tensor.of(inverse, inverse.length)));
    }
  }

  /**
   * The order in which columns meet in blocks: within each of {@code stretches} stretches, the
   * pieces of half a block at even places come first, then those at odd ones.
   */
  private static long[] order(int columns, int stretches, int half, int factors) {
    long[] order = new long[columns];
    for (int i = 0; i < columns; i++) {
      order[i] = i;
    }
    if (factors == 1) {
      return order;
    }
    boolean fits =
        stretches > 0 && half > 0 && columns % stretches == 0 && columns / stretches % half == 0;
    if (!fits || stretches * half * 2 > columns) {
      throw new IllegalArgumentException(
          "%d columns in blocks of %d cannot be mixed %d times; lower 'factors' or 'block'"
              .formatted(columns, 2 * half, factors));
    }
    int length = columns / stretches;
    int pieces = length / half;
    for (int start = 0; start < columns; start += length) {
      int to = start;
      for (int parity = 0; parity < 2; parity++) {
        for (int piece = parity; piece < pieces; piece += 2) {
          for (int i = 0; i < half; i++) {
            order[to++] = start + (long) piece * half + i;
          }
        }
      }
    }
    return order;
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    Tensor rotations = Rotations.cayley(Rotations.skew(free).neg());
    Tensor columns = host().matrix(below.weight()).transpose(0, 1);
    for (int i = 0; i < orders.size(); i++) {
      columns =
          rotations
              .select(0, i)
              .matmul(columns.indexSelect(0, orders.get(i)).reshape(-1, side, host().rows()))
              .reshape(host().columns(), host().rows())
              .indexSelect(0, inverses.get(i));
    }
    return below.withWeight(host().shaped(columns.transpose(0, 1).mul(scale)));
  }
}
