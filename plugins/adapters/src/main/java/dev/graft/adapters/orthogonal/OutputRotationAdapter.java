package dev.graft.adapters.orthogonal;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Orthogonal fine-tuning in its first form (Qiu et al. 2023): blocks of rows of the weight are
 * rotated; the bias stays. Constrained, no block may leave a ball around the identity.
 */
final class OutputRotationAdapter extends Adapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("blocks", 8, 1, 4096, "number of blocks, at most; it divides the rows"),
          Setting.flag("constrained", false, "whether rotations stay near the identity"),
          Setting.number("radius", 6e-5, 1e-12, 10, "constrained: how near, per element"));

  private final Tensor free;
  private final double radius;

  OutputRotationAdapter(Host host, Settings settings) {
    super(host);
    // A block of one row has nothing to turn.
    long most = Math.min(settings.integer("blocks"), Math.max(1, host.rows() / 2));
    long blocks = Rotations.divisor(host.rows(), most);
    long side = host.rows() / blocks;
    free = parameter("oft_r", Tensor.zeros(blocks, side, side));
    // In 32 bits, as PEFT rounds it.
    double asked = settings.number("radius") * (double) (side * side);
    radius = settings.flag("constrained") ? (float) asked / (float) Math.sqrt((double) blocks) : 0;
  }

  /**
   * The parameter, or the nearest one in the ball. The projection counts as a constant: gradients
   * are those at the projected place.
   */
  private Tensor inside() {
    if (radius == 0) {
      return free;
    }
    Tensor now = free.detach();
    Tensor length = now.mul(now).sum(true, 1, 2).sqrt().clamp(1e-30, Double.MAX_VALUE);
    Tensor factor = length.zerosLike().add(radius).div(length).clamp(0, 1);
    return free.add(now.mul(factor).sub(now));
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    Tensor rotation = Rotations.cayley(Rotations.skew(inside()));
    Tensor blocks =
        host().matrix(below.weight()).reshape(free.size(0), free.size(1), host().columns());
    Tensor rotated = rotation.matmul(blocks).reshape(host().rows(), host().columns());
    return below.withWeight(host().shaped(rotated));
  }
}
