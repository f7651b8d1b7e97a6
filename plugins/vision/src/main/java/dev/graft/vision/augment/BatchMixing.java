package dev.graft.vision.augment;

import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Mixup and cutmix: every picture of a batch is mixed with its partner, and so are their labels.
 *
 * <p>The partner of row {@code i} is row {@code N - 1 - i}. The weight {@code lambda} of the
 * picture itself is one number per batch, drawn from Beta(alpha, alpha). Sources: Zhang et al.
 * 2018, "mixup"; Yun et al. 2019, "CutMix"; batch form and label smoothing as in timm.
 */
public final class BatchMixing {

  private BatchMixing() {}

  /**
   * A mixed batch.
   *
   * @param pixels (N, C, H, W)
   * @param lambda weight of each row's own label, 0 … 1
   */
  public record Mixed(Tensor pixels, double lambda) {}

  /**
   * Rows and columns, upper ends excluded.
   *
   * @param top first row
   * @param bottom row after the last
   * @param left first column
   * @param right column after the last
   */
  public record Cut(int top, int bottom, int left, int right) {}

  /** Pictures as weighted sums: {@code lambda * x + (1 - lambda) * partner}. */
  public static Mixed mixup(Tensor pixels, double lambda) {
    requireWeight(lambda);
    Tensor own = pixels.mul(lambda);
    return new Mixed(own.add(pixels.flip(0).mul(1 - lambda)), lambda);
  }

  /** Pictures with one part of the partner's; the weight becomes the part that is left. */
  public static Mixed cutmix(Tensor pixels, Cut cut) {
    long height = pixels.size(2);
    long width = pixels.size(3);
    Tensor mixed = pixels.copy();
    int rows = cut.bottom() - cut.top();
    int columns = cut.right() - cut.left();
    if (rows > 0 && columns > 0) {
      part(mixed, cut, rows, columns).copyInPlace(part(pixels.flip(0), cut, rows, columns));
    }
    return new Mixed(mixed, 1 - (double) rows * columns / (height * width));
  }

  private static Tensor part(Tensor pixels, Cut cut, long rows, long columns) {
    return pixels.narrow(2, cut.top(), rows).narrow(3, cut.left(), columns);
  }

  /**
   * A part whose sides are {@code sqrt(1 - lambda)} of the picture's, about a centre, cut off at
   * the borders.
   */
  public static Cut cut(int height, int width, double lambda, int centreY, int centreX) {
    requireWeight(lambda);
    double share = Math.sqrt(1 - lambda);
    int halfRows = (int) (height * share) / 2;
    int halfColumns = (int) (width * share) / 2;
    return new Cut(
        clip(centreY - halfRows, height),
        clip(centreY + halfRows, height),
        clip(centreX - halfColumns, width),
        clip(centreX + halfColumns, width));
  }

  private static int clip(int value, int max) {
    return Math.min(Math.max(value, 0), max);
  }

  /**
   * Labels as probabilities (N, K): the own class weighs {@code lambda}, the partner's the rest,
   * and {@code smoothing} is spread over all classes.
   *
   * @param labels class indices (N), INT64
   */
  public static Tensor probabilities(Tensor labels, int classes, double lambda, double smoothing) {
    Tensor hard = Nn.oneHot(labels, classes).to(DType.FLOAT32);
    Tensor soft = hard.mul(1 - smoothing).add(smoothing / classes);
    return soft.mul(lambda).add(soft.flip(0).mul(1 - lambda));
  }

  /** Mixup or cutmix of a whole batch: its inputs, and its targets with {@code probabilities}. */
  public static List<NamedTensors> apply(
      NamedTensors inputs, NamedTensors targets, Options options, RandomGenerator random) {
    Tensor pixels = inputs.get("pixels");
    boolean cuts = random.nextDouble() < options.cutmixShare();
    double lambda = Beta.draw(options.alpha(), random);
    Mixed mixed;
    if (cuts) {
      int height = (int) pixels.size(2);
      int width = (int) pixels.size(3);
      Cut cut = cut(height, width, lambda, random.nextInt(height), random.nextInt(width));
      mixed = cutmix(pixels, cut);
    } else {
      mixed = mixup(pixels, lambda);
    }
    Tensor probabilities =
        probabilities(
            targets.get("labels"), options.classes(), mixed.lambda(), options.smoothing());
    return List.of(
        inputs.with("pixels", mixed.pixels()), targets.with("probabilities", probabilities));
  }

  /**
   * How to mix.
   *
   * @param classes number of classes
   * @param alpha of the Beta distribution, above 0; small values mix little
   * @param cutmixShare probability of cutmix instead of mixup, 0 … 1
   * @param smoothing of the labels, 0 … 1
   */
  public record Options(int classes, double alpha, double cutmixShare, double smoothing) {
    public Options {
      Range.requireProbability(cutmixShare);
      Range.requireProbability(smoothing);
      if (classes < 2 || !(alpha > 0)) {
        throw new IllegalArgumentException(
            "%d classes, alpha %s; at least 2 classes and an alpha above 0"
                .formatted(classes, alpha));
      }
    }
  }

  private static void requireWeight(double lambda) {
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("weight %s; it is 0 to 1".formatted(lambda));
    }
  }
}
