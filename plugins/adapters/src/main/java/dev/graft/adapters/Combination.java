package dev.graft.adapters;

import dev.graft.tensor.Linalg;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * How several low-rank adapters become one.
 *
 * <p>{@link #CAT} and {@link #SVD} work on the matrices that are added: the first is exact, its
 * rank is the sum of ranks; the second is the best approximation of the highest rank among them.
 * The others work on each factor by itself, as PEFT does, with the root of each weight on either
 * side; all adapters must then have one rank.
 */
public enum Combination {
  /** Weighted sum of factors. */
  LINEAR,
  /** Factors side by side: exactly the weighted sum of the added matrices. */
  CAT,
  /** Singular value decomposition of the weighted sum of the added matrices. */
  SVD,
  /** Small values to zero, signs by majority, mean of those that agree (Yadav et al. 2023). */
  TIES,
  /** Random values to zero, the rest scaled up, weighted sum (Yu et al. 2024). */
  DARE,
  /** Small values to zero, weighted sum. */
  MAGNITUDE_PRUNE;

  /**
   * The factors of the result, up first, with scale 1.
   *
   * @param factors of each adapter
   * @param weights one per adapter
   * @param density share of values kept by those that prune, in (0, 1]
   */
  Tensor[] combine(List<Factors> factors, double[] weights, double density) {
    return switch (this) {
      case CAT -> cat(factors, weights);
      case SVD -> svd(factors, weights);
      default -> bySide(factors, weights, density);
    };
  }

  private static Tensor[] cat(List<Factors> factors, double[] weights) {
    List<Tensor> ups = new ArrayList<>();
    List<Tensor> downs = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      ups.add(factors.get(i).up());
      downs.add(factors.get(i).down().mul(weights[i] * factors.get(i).scale()));
    }
    return new Tensor[] {Tensor.cat(ups, 2), Tensor.cat(downs, 1)};
  }

  private static Tensor[] svd(List<Factors> factors, double[] weights) {
    Tensor sum = null;
    long rank = 0;
    for (int i = 0; i < weights.length; i++) {
      Factors each = factors.get(i);
      Tensor delta = each.up().matmul(each.down()).mul(weights[i] * each.scale());
      sum = sum == null ? delta : sum.add(delta);
      rank = Math.max(rank, each.rank());
    }
    Linalg.Svd svd = Linalg.svd(sum);
    long kept = Math.min(rank, svd.s().size(1));
    Tensor up = svd.u().narrow(2, 0, kept).mul(svd.s().narrow(1, 0, kept).unsqueeze(1));
    return new Tensor[] {up, svd.vt().narrow(1, 0, kept)};
  }

  private Tensor[] bySide(List<Factors> factors, double[] weights, double density) {
    long rank = factors.get(0).rank();
    List<Tensor> ups = new ArrayList<>();
    List<Tensor> downs = new ArrayList<>();
    double[] upWeights = new double[weights.length];
    double[] downWeights = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      Factors each = factors.get(i);
      if (each.rank() != rank) {
        throw new IllegalArgumentException(
            "%s needs adapters of one rank, these have %d and %d; use CAT or SVD"
                .formatted(this, rank, each.rank()));
      }
      double weight = weights[i] * each.scale();
      downWeights[i] = Math.sqrt(Math.abs(weight));
      upWeights[i] = Math.signum(weight) * downWeights[i];
      ups.add(each.up());
      downs.add(each.down());
    }
    return new Tensor[] {side(ups, upWeights, density), side(downs, downWeights, density)};
  }

  private Tensor side(List<Tensor> parts, double[] weights, double density) {
    List<Tensor> pruned =
        switch (this) {
          case TIES, MAGNITUDE_PRUNE -> parts.stream().map(t -> largest(t, density)).toList();
          case DARE -> parts.stream().map(t -> thinned(t, density)).toList();
          default -> parts;
        };
    List<Tensor> weighted = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      weighted.add(pruned.get(i).mul(weights[i]));
    }
    Tensor stack = Tensor.stack(weighted, 0);
    if (this != TIES) {
      return stack.sum(false, 0);
    }
    Tensor unweighted = Tensor.stack(pruned, 0);
    Tensor total = unweighted.sum(false, 0);
    Tensor majority = Tensor.where(total.lt(0), total.zerosLike().sub(1), total.zerosLike().add(1));
    Tensor agrees = unweighted.sign().eq(majority).to(stack.dtype());
    return stack.mul(agrees).sum(false, 0).div(agrees.sum(false, 0).clamp(1, weights.length));
  }

  /** The largest values, by size; all others are zero. */
  private static Tensor largest(Tensor values, double density) {
    long keep = (long) (density * values.count());
    if (keep == values.count()) {
      return values;
    }
    long[] kept = keep == 0 ? new long[0] : values.abs().reshape(-1).topk(keep).indices().toLongs();
    float[] mask = new float[(int) values.count()];
    for (long index : kept) {
      mask[(int) index] = 1;
    }
    return values.mul(Tensor.of(mask, values.shape()).to(values.dtype()));
  }

  /** Each value with a probability, scaled up by its inverse; others are zero. */
  private static Tensor thinned(Tensor values, double density) {
    Tensor kept = Tensor.rand(values.shape()).lt(density).to(values.dtype());
    return values.mul(kept).div(density);
  }
}
