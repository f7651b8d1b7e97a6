package dev.graft.adapters.lowrank;

import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Host;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Vector-based random matrix adaptation (Kopiczko et al. 2024): diag(b) B diag(d) A, where A and B
 * are random, frozen and the same for all layers, each of which uses as much of them as it needs.
 */
final class VeraAdapter extends DeltaAdapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("rank", 256, 1, 4096, "rank of the random matrices"),
          Setting.number("d_initial", 0.1, 1e-9, 10, "initial value of the scales between them"),
          Setting.integer("projection_seed", 0, 0, Integer.MAX_VALUE, "seed of the matrices"));

  private final Tensor a;
  private final Tensor b;
  private final Tensor d;
  private final Tensor outputs;

  VeraAdapter(Host host, Settings settings) {
    super(host);
    int rank = settings.integer("rank");
    long seed = settings.integer("projection_seed");
    a = buffer("vera_A", random(2 * seed, (int) host.columns(), rank).transpose(0, 1).contiguous());
    b = buffer("vera_B", random(2 * seed + 1, (int) host.rows(), rank));
    d = parameter("vera_lambda_d", Tensor.ones(rank).mul(settings.number("d_initial")));
    outputs = parameter("vera_lambda_b", Tensor.zeros(host.rows()));
  }

  /** Row i depends on seed and i alone, so that layers of all sizes share the rows they have. */
  private static Tensor random(long seed, int rows, int rank) {
    float[] values = new float[Math.multiplyExact(rows, rank)];
    double bound = Math.sqrt(6.0 / rank);
    for (int row = 0; row < rows; row++) {
      SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + row);
      for (int i = 0; i < rank; i++) {
        values[row * rank + i] = (float) ((2 * random.nextDouble() - 1) * bound);
      }
    }
    return Tensor.of(values, rows, rank);
  }

  @Override
  protected Tensor delta() {
    return b.mul(outputs.unsqueeze(1)).matmul(a.mul(d.unsqueeze(1)));
  }
}
