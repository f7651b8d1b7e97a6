package dev.graft.task.sequence;

import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What a head over words says of the words that are known: the labels of positions. */
final class WordScores {

  /** A label that counts nothing, see {@link Nn#crossEntropy(Tensor, Tensor, Tensor, double)}. */
  static final long IGNORED = -100;

  private WordScores() {}

  /**
   * Mean cross entropy over the positions whose label counts; 0 where none does.
   *
   * @param logits (N, L, V)
   * @param labels (N, L) INT64
   */
  static Tensor loss(Tensor logits, Tensor labels) {
    if (labels.max().item() < 0) {
      return logits.sum().mul(0); // a mean over no word is not a number
    }
    return Nn.crossEntropy(logits.reshape(-1, logits.size(2)), labels.reshape(-1), 0);
  }

  /**
   * One example.
   *
   * @param logs natural logarithms of the probabilities of the words that count, in order
   * @param likeliest whether each of them is the likeliest at its position
   */
  record Known(double[] logs, boolean likeliest) {}

  /**
   * The examples of a batch. One at a time: probabilities of all words at all positions are large.
   *
   * @param logits (N, L, V)
   * @param labels (N, L) INT64
   */
  static Known[] of(Tensor logits, Tensor labels) {
    Known[] known = new Known[(int) logits.size(0)];
    for (int i = 0; i < known.length; i++) {
      try (Scope scope = Scope.open()) {
        known[i] = one(logits.select(0, i).to(DType.FLOAT32), labels.select(0, i));
      }
    }
    return known;
  }

  private static Known one(Tensor logits, Tensor labels) {
    Tensor words = labels.clamp(0, Integer.MAX_VALUE).unsqueeze(1);
    float[] logs = Nn.logSoftmax(logits, -1).gather(1, words).toFloats();
    long[] best = logits.argmax(1).toLongs();
    long[] truth = labels.toLongs();
    int[] counted = IntStream.range(0, truth.length).filter(i -> truth[i] >= 0).toArray();
    return new Known(
        Arrays.stream(counted).mapToDouble(i -> logs[i]).toArray(),
        Arrays.stream(counted).allMatch(i -> best[i] == truth[i]));
  }

  /** The perplexity of the words of all rows together. */
  static double perplexity(double[][] rows) {
    return perplexity(Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
  }

  /** The inverse of the geometric mean of probabilities; 1 at best. */
  static double perplexity(double[] logs) {
    return Math.exp(-Arrays.stream(logs).average().orElse(Double.NaN));
  }
}
