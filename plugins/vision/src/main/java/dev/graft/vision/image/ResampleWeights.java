package dev.graft.vision.image;

/**
 * Which source positions make up each target position along one axis, and with which weights.
 *
 * <p>The filter is centred on the target's middle, mapped back to the source. When shrinking, the
 * filter is widened by the scale, so that every source pixel counts (antialiasing); at the borders
 * it is cut off and the rest scaled to a sum of 1. Source: Pillow's {@code Image.resize}.
 *
 * @param first first source position of each target position
 * @param count number of source positions of each target position
 * @param width weights stored per target position
 * @param weights weights, {@code width} per target position, summing to 1
 */
record ResampleWeights(int[] first, int[] count, int width, double[] weights) {

  static ResampleWeights of(int sourceSize, int targetSize, Interpolation filter) {
    double scale = (double) sourceSize / targetSize;
    double widening = Math.max(scale, 1);
    double support = filter.support() * widening;
    int width = (int) Math.ceil(support) * 2 + 1;
    ResampleWeights table =
        new ResampleWeights(
            new int[targetSize], new int[targetSize], width, new double[targetSize * width]);
    for (int target = 0; target < targetSize; target++) {
      double centre = (target + 0.5) * scale;
      int from = Math.max((int) (centre - support + 0.5), 0);
      int to = Math.min((int) (centre + support + 0.5), sourceSize);
      table.first[target] = from;
      table.count[target] = to - from;
      double sum = 0;
      for (int i = 0; i < to - from; i++) {
        double weight = filter.weight((i + from - centre + 0.5) * (1 / widening));
        table.weights[target * width + i] = weight;
        sum += weight;
      }
      for (int i = 0; i < to - from && sum != 0; i++) {
        table.weights[target * width + i] /= sum;
      }
    }
    return table;
  }

  /** The weights in fixed point with {@code bits} after the point, rounded away from zero. */
  int[] fixedPoint(int bits) {
    int[] fixed = new int[weights.length];
    for (int i = 0; i < fixed.length; i++) {
      double value = weights[i] * (1 << bits);
      fixed[i] = (int) (value < 0 ? value - 0.5 : value + 0.5);
    }
    return fixed;
  }
}
