package dev.graft.adapters.lowrank;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;

/**
 * Block affine transformation (Kang and Yin 2024, Bone): each block of r × r of the weight gets
 * itself times a matrix, plus that matrix; one matrix for each r rows.
 */
final class BlockAffineAdapter extends Adapter {

  private final Tensor blocks;
  private final long side;

  BlockAffineAdapter(Host host, Settings settings) {
    super(host);
    side = gcd(settings.integer("rank"), gcd(host.rows(), host.columns()));
    blocks = parameter("bone_block", Tensor.zeros(host.rows() / side, side, side));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    Tensor matrix = host().matrix(below.weight());
    Tensor change =
        matrix
            .reshape(host().rows() / side, side, host().columns() / side, side)
            .permute(2, 0, 1, 3)
            .matmul(blocks)
            .add(blocks)
            .permute(1, 2, 0, 3)
            .reshape(host().rows(), host().columns());
    return below.withWeight(below.weight().add(host().shaped(change)));
  }
}
