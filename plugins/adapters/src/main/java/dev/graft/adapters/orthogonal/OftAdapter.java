package dev.graft.adapters.orthogonal;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Orthogonal fine-tuning of the inputs (Qiu et al. 2023): blocks of columns of the weight are
 * rotated. The upper triangle of each block's skew-symmetric matrix is the parameter.
 */
final class OftAdapter extends Adapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("block", 32, 1, 4096, "side of a block, at most; it divides the columns"),
          Setting.flag("neumann", true, "whether the inverse is a short series"),
          Setting.integer("terms", 5, 2, 32, "terms of that series"));

  private final Tensor upper;
  private final Tensor places;
  private final long side;
  private final int terms;

  OftAdapter(Host host, Settings settings) {
    super(host);
    side =
        Math.max(
            Math.min(2, host.columns()),
            Rotations.divisor(host.columns(), settings.integer("block")));
    if (side < 2 || host.columns() % side != 0) {
      throw new IllegalArgumentException(
          "a weight of %d columns has no blocks of 2 to %d columns to rotate; leave it out with"
                  .formatted(host.columns(), settings.integer("block"))
              + " 'exclude' or raise 'block'");
    }
    terms = settings.flag("neumann") ? settings.integer("terms") : 0;
    int n = (int) side;
    upper = parameter("oft_R.weight", Tensor.zeros(host.columns() / side, side * (side - 1) / 2));
    long[] flat = new long[n * (n - 1) / 2];
    int next = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        flat[next++] = (long) i * n + j;
      }
    }
    places = buffer("oft_places", Tensor.of(flat, flat.length));
  }

  /** One rotation per block, (blocks, side, side). */
  private Tensor rotations() {
    long blocks = upper.size(0);
    Tensor index = places.expand(blocks, places.size(0));
    Tensor filled =
        Tensor.zeros(upper.dtype(), blocks, side * side)
            .scatter(1, index, upper)
            .reshape(blocks, side, side);
    Tensor skew = filled.sub(filled.transpose(1, 2));
    // PEFT turns one way with the inverse and the other way with the series; so do its files.
    return terms == 0 ? Rotations.cayley(skew.neg()) : Rotations.neumann(skew, terms);
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    Tensor rotated =
        host()
            .matrix(below.weight())
            .reshape(host().rows(), -1, 1, side)
            .matmul(rotations().transpose(1, 2))
            .reshape(host().rows(), host().columns());
    return below.withWeight(host().shaped(rotated));
  }
}
