package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.SequenceAttention;
import java.util.List;
import java.util.Optional;

/**
 * Scores by content and distance (He et al. 2021, DeBERTa): the content of a query meets the vector
 * of its distance to a key, and the content of the key meets the vector of the same distance.
 *
 * @param distances what all blocks share
 * @param heads number of them
 * @param scale of the scores
 * @param keys makes keys of the vectors of distances, which queries meet; may be empty
 * @param queries makes queries of them, which keys meet; may be empty
 */
record Disentangled(
    Distances distances, long heads, double scale, Optional<Child> keys, Optional<Child> queries)
    implements SequenceAttention.PositionScores {

  /**
   * The vectors of distances: near ones have one each, far ones share by their logarithm.
   *
   * @param table (2 span, D): a vector for each bucket from -span to span - 1
   * @param then layers behind the table: a normalisation, dropout
   * @param buckets width of the range in which distances are told apart; 0: all are
   * @param farthest largest distance
   */
  record Distances(Child table, List<Child> then, int buckets, int farthest) {

    int span() {
      return buckets > 0 ? buckets : farthest;
    }

    /** (1, 2 span, D). */
    Tensor vectors() {
      Tensor vectors = table.apply(Tensor.arange(2L * span())).unsqueeze(0);
      for (Child layer : then) {
        vectors = layer.apply(vectors);
      }
      return vectors;
    }

    /** Row of the table for a query that stands {@code distance} behind a key. */
    int row(int distance) {
      return Math.max(0, Math.min(2 * span() - 1, bucket(distance) + span()));
    }

    /** In single precision, as the weights were trained. */
    private int bucket(int distance) {
      int exact = buckets / 2;
      int far = Math.abs(distance);
      if (buckets == 0 || far <= exact) {
        return distance;
      }
      float whole = (float) Math.log((float) (farthest - 1) / exact);
      float share = (float) Math.log((float) far / exact) / whole;
      int bucket = (int) Math.ceil(share * (exact - 1)) + exact;
      return distance < 0 ? -bucket : bucket;
    }
  }

  @Override
  public Tensor of(Tensor contentQueries, Tensor contentKeys) {
    int length = (int) contentQueries.size(2);
    Tensor vectors = distances.vectors();
    Tensor byQuery =
        keys.map(map -> picked(contentQueries, map.apply(vectors), rows(length, 1))).orElse(null);
    Tensor byKey =
        queries
            .map(map -> picked(contentKeys, map.apply(vectors), rows(length, -1)).transpose(2, 3))
            .orElse(null);
    Tensor sum = byQuery == null ? byKey : byKey == null ? byQuery : byQuery.add(byKey);
    return sum.mul(scale);
  }

  /** Products of contents (N, heads, L, d) with projected vectors, of each row those it needs. */
  private Tensor picked(Tensor contents, Tensor projected, Tensor rows) {
    Tensor split = projected.reshape(projected.size(1), heads, -1).permute(1, 2, 0);
    long n = contents.size(0);
    long length = contents.size(2);
    return contents.matmul(split).gather(3, rows.expand(n, heads, length, length));
  }

  /** (1, 1, L, L): for each position, the row of its distance to each other, or from it. */
  private Tensor rows(int length, int sign) {
    int[] byDistance = new int[2 * length - 1];
    for (int i = 0; i < byDistance.length; i++) {
      byDistance[i] = distances.row(i - (length - 1));
    }
    long[] rows = new long[length * length];
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < length; j++) {
        rows[i * length + j] = byDistance[sign * (i - j) + length - 1];
      }
    }
    return Tensor.of(rows, 1, 1, length, length);
  }
}
