package dev.graft.text.token;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Which tokens are left of a text that is too long, or of a pair. */
final class Truncation {

  private Truncation() {}

  /**
   * Positions that stay: all tokens that stand around texts, and the beginnings of both texts. One
   * token after another goes from the longer text, of equal ones from the second.
   *
   * @param around 1 where a token stands around texts
   * @param ofFirst number of tokens of the first text
   * @param most number of tokens that may stay
   */
  static int[] kept(long[] around, int ofFirst, int most) {
    int special = (int) Arrays.stream(around).sum();
    int first = Math.min(ofFirst, around.length - special);
    int second = around.length - special - first;
    int left = first;
    int right = second;
    while (left + right > Math.max(0, most - special)) {
      if (left > right) {
        left--;
      } else {
        right--;
      }
    }
    int[] texts = IntStream.range(0, around.length).filter(i -> around[i] == 0).toArray();
    int keptLeft = left;
    int keptRight = right;
    IntStream kept =
        IntStream.range(0, texts.length)
            .filter(i -> i < first ? i < keptLeft : i - first < keptRight)
            .map(i -> texts[i]);
    IntStream specials = IntStream.range(0, around.length).filter(i -> around[i] == 1);
    return IntStream.concat(kept, specials).sorted().toArray();
  }
}
