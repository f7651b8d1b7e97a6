package dev.graft.train;

import dev.graft.plan.Regime;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Mixes each example of a batch with another one: mixup (Zhang et al. 2018) blends all floating
 * inputs, cutmix (Yun et al. 2019) pastes a rectangle of {@code (N, C, H, W)} inputs. Targets
 * become probabilities in the same proportion.
 *
 * @param partner for each row the row it is mixed with
 * @param lambda share of the row itself, drawn from Beta(α, α)
 * @param cut whether a rectangle is pasted instead of blending
 * @param centreY centre of the rectangle as a share of the height
 * @param centreX centre of the rectangle as a share of the width
 */
record Mixing(int[] partner, double lambda, boolean cut, double centreY, double centreX) {

  /** Draws partners, share and place; where both kinds are on, one is picked with equal chance. */
  static Mixing draw(Regime regime, int rows, RandomGenerator random) {
    boolean both = regime.mixup() > 0 && regime.cutmix() > 0;
    boolean cut = both ? random.nextBoolean() : regime.cutmix() > 0;
    double share = beta(cut ? regime.cutmix() : regime.mixup(), random);
    // Blending by share is blending the partner by the rest: the pairs are the same, and the label
    // of a row, which some terms read, stays that of which it shows most.
    double lambda = cut ? share : Math.max(share, 1 - share);
    return new Mixing(
        Seeds.permutation(rows, random), lambda, cut, random.nextDouble(), random.nextDouble());
  }

  /** The mixed inputs; integer tensors stay. */
  NamedTensors inputs(NamedTensors inputs) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    inputs
        .asMap()
        .forEach(
            (name, tensor) ->
                result.put(name, tensor.dtype().isFloating() ? mixed(tensor) : tensor));
    return NamedTensors.of(result);
  }

  private Tensor mixed(Tensor tensor) {
    Tensor other = tensor.indexSelect(0, rows());
    if (!cut) {
      return tensor.mul(lambda).add(other.mul(1 - lambda));
    }
    return paste(tensor, other, box(tensor));
  }

  /** A copy of {@code own}, (N, C, H, W), with the rectangle of {@code other}. */
  static Tensor paste(Tensor own, Tensor other, Box box) {
    Tensor result = own.copy();
    box.of(result).copyInPlace(box.of(other));
    return result;
  }

  private Box box(Tensor tensor) {
    if (tensor.dim() != 4) {
      throw new IllegalArgumentException(
          "cutmix pastes rectangles of (N, C, H, W) inputs, this one has shape %s; use mixup"
              .formatted(Arrays.toString(tensor.shape())));
    }
    long height = tensor.size(2);
    long width = tensor.size(3);
    return Box.around((long) (centreY * height), (long) (centreX * width), lambda, height, width);
  }

  /** A rectangle in pixels, lower and right ends excluded. */
  record Box(long top, long bottom, long left, long right) {

    /** With sides of {@code sqrt(1 - lambda)} of the picture's, cut off at its borders. */
    static Box around(long y, long x, double lambda, long height, long width) {
      double share = Math.sqrt(1 - lambda);
      long halfHeight = (long) (height * share) / 2;
      long halfWidth = (long) (width * share) / 2;
      return new Box(
          clamp(y - halfHeight, height),
          clamp(y + halfHeight, height),
          clamp(x - halfWidth, width),
          clamp(x + halfWidth, width));
    }

    private static long clamp(long value, long limit) {
      return Math.max(0, Math.min(limit, value));
    }

    private Tensor of(Tensor tensor) {
      return tensor.narrow(2, top, bottom - top).narrow(3, left, right - left);
    }

    /** Share of a picture that lies outside. */
    double shareLeft(long height, long width) {
      return 1 - (double) ((bottom - top) * (right - left)) / (double) (height * width);
    }
  }

  /** {@code probabilities} (N, K) out of {@code labels} (N). */
  NamedTensors targets(NamedTensors targets, int classes, double share) {
    Tensor own = Nn.oneHot(targets.get("labels"), classes).to(DType.FLOAT32);
    Tensor other = own.indexSelect(0, rows());
    return targets.with("probabilities", own.mul(share).add(other.mul(1 - share)));
  }

  /** Share of the row itself in the mixed inputs: exact for the rectangle that was pasted. */
  double share(NamedTensors inputs) {
    if (!cut) {
      return lambda;
    }
    Tensor tensor =
        inputs.asMap().values().stream()
            .filter(t -> t.dtype().isFloating())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no floating input to mix"));
    return box(tensor).shareLeft(tensor.size(2), tensor.size(3));
  }

  private Tensor rows() {
    return Tensor.of(Arrays.stream(partner).asLongStream().toArray(), partner.length);
  }

  /** A draw from Beta(α, α) by two gamma draws. */
  static double beta(double alpha, RandomGenerator random) {
    double a = logGamma(alpha, random);
    double b = logGamma(alpha, random);
    // In logarithms: for a small α both draws may be too small for a double.
    return 1 / (1 + Math.exp(b - a));
  }

  /** Logarithm of a draw from Gamma(α, 1) (Marsaglia and Tsang 2000; boosted for α &lt; 1). */
  private static double logGamma(double alpha, RandomGenerator random) {
    if (alpha < 1) {
      return logGamma(alpha + 1, random) + Math.log(1 - random.nextDouble()) / alpha;
    }
    double d = alpha - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return Math.log(d * v);
      }
    }
  }
}
