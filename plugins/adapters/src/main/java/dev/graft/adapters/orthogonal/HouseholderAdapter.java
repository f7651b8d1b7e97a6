package dev.graft.adapters.orthogonal;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.layers.Initial;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of reflections (Yuan et al. 2024, HRA): W H₁ … H_r with H = I - 2 u uᵀ / ‖u‖². Vectors
 * start as equal pairs, whose reflections undo each other up to rounding; orthonormalised, which
 * equal vectors cannot be, they start apart.
 */
final class HouseholderAdapter extends Adapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("rank", 8, 2, 4096, "number of reflections, even"),
          Setting.flag("orthonormal", false, "whether the vectors are made orthonormal first"));

  private final Tensor vectors;
  private final boolean orthonormal;

  HouseholderAdapter(Host host, Settings settings) {
    super(host);
    orthonormal = settings.flag("orthonormal");
    int rank = settings.integer("rank");
    if (rank % 2 != 0) {
      throw new IllegalArgumentException(
          "setting 'rank' of hra is %d; allowed: even numbers, since vectors start in pairs"
              .formatted(rank));
    }
    Tensor initial;
    if (orthonormal) {
      initial = Initial.normal(1, host.columns(), rank);
    } else {
      Tensor half = Initial.normal(1, host.columns(), rank / 2);
      initial = Tensor.stack(List.of(half, half), 2).reshape(host.columns(), rank);
    }
    vectors = parameter("hra_u", initial);
  }

  /** Vectors of length 1, (columns, 1) each. */
  private List<Tensor> units() {
    List<Tensor> units = new ArrayList<>();
    for (int i = 0; i < vectors.size(1); i++) {
      Tensor unit = vectors.narrow(1, i, 1);
      if (orthonormal) {
        for (Tensor before : units) {
          unit = unit.sub(before.mul(before.mul(unit).sum()));
        }
      }
      units.add(unit.div(unit.mul(unit).sum().sqrt()));
    }
    return units;
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    Tensor matrix = host().matrix(below.weight());
    for (Tensor unit : units()) {
      matrix = matrix.sub(matrix.matmul(unit).matmul(unit.transpose(0, 1)).mul(2));
    }
    return below.withWeight(host().shaped(matrix));
  }
}
