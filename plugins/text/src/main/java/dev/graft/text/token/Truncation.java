package dev.graft.text.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Which tokens are left of a text that is too long, or of a pair. */
final class Truncation {

  /** Fewer tokens of a text make no part: most answers would not be whole. */
  private static final int LEAST = 16;

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
    return positions(around, texts, left, first, first + right);
  }

  /** Tokens around texts, the first ones of the first text, and some more in order. */
  private static int[] positions(long[] around, int[] texts, int ofFirst, int from, int to) {
    IntStream special = IntStream.range(0, around.length).filter(i -> around[i] == 1);
    IntStream first = Arrays.stream(texts, 0, ofFirst);
    IntStream second = Arrays.stream(texts, from, to);
    return IntStream.concat(special, IntStream.concat(first, second)).sorted().toArray();
  }

  /**
   * Positions that stay in each part of a pair that is too long: all tokens around the texts, all
   * of the first text, and of the second as many as there is room for. A part begins with the last
   * third of the one before it, so that what is no longer than that is whole in one of them. Empty
   * if there is room for fewer than {@value #LEAST} tokens of the second text; one part if nothing
   * is too long.
   *
   * @param around 1 where a token stands around texts
   * @param ofFirst number of tokens of the first text
   * @param most number of tokens of a part
   */
  static List<int[]> parts(long[] around, int ofFirst, int most) {
    if (around.length <= most) {
      return List.of(IntStream.range(0, around.length).toArray());
    }
    int[] texts = IntStream.range(0, around.length).filter(i -> around[i] == 0).toArray();
    int first = Math.min(ofFirst, texts.length);
    int room = most - (around.length - texts.length) - first;
    if (room < LEAST) {
      return List.of();
    }
    List<int[]> parts = new ArrayList<>();
    int from = first;
    do {
      int begin = from;
      int end = Math.min(texts.length, begin + room);
      parts.add(positions(around, texts, first, begin, end));
      from = end == texts.length ? end : begin + room - room / 3;
    } while (from < texts.length);
    return parts;
  }
}
