package dev.graft.adapters.lowrank;

import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Host;
import dev.graft.layers.Initial;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * The parts of a singular value decomposition that trains (Zhang et al. 2023): s/k B diag(E ∘ m) A
 * with k values that are kept by the mask m, which the term of the method sets.
 */
final class AdaLoraAdapter extends DeltaAdapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("initial_rank", 12, 1, 4096, "rank at the start"),
          Setting.number("alpha", 8, 1e-6, 1e6, "factor on the added matrix, over its rank"));

  private static final double SPREAD = 0.02;
  private static final double TINY = 1e-5;

  final Tensor a;
  final Tensor b;
  final Tensor values;
  final Tensor mask;
  private final double alpha;

  AdaLoraAdapter(Host host, Settings settings) {
    super(host);
    alpha = settings.number("alpha");
    long rank = Math.min(settings.integer("initial_rank"), Math.min(host.rows(), host.columns()));
    a = parameter("lora_A", Initial.normal(SPREAD, rank, host.columns()));
    b = parameter("lora_B", Initial.normal(SPREAD, host.rows(), rank));
    values = parameter("lora_E", Tensor.zeros(rank, 1));
    mask = buffer("rank_mask", Tensor.ones(rank, 1));
  }

  @Override
  protected Tensor delta() {
    Tensor kept = mask.sum().add(TINY);
    return b.matmul(a.mul(values.mul(mask))).mul(alpha).div(kept);
  }

  /** Distance of both bases from orthonormality, ‖A Aᵀ - I‖² + ‖Bᵀ B - I‖². */
  Tensor orthogonality() {
    return distance(a.matmul(a.transpose(0, 1))).add(distance(b.transpose(0, 1).matmul(b)));
  }

  private static Tensor distance(Tensor gram) {
    Tensor off = gram.sub(Tensor.eye(gram.size(0)));
    return off.mul(off).sum().add(1e-12).sqrt();
  }
}
