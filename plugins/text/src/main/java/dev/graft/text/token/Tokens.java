package dev.graft.text.token;

import java.util.Arrays;
import java.util.List;

/**
 * One text, or a pair, as tokens. All arrays have the same length.
 *
 * @param ids index in the vocabulary
 * @param segments 0, or 1 for the second text of a pair
 * @param sides 0 for the first text, 1 for the second, -1 for a special token
 * @param words index of the word a token belongs to, in its text; -1 for a special token
 * @param begins first character in its text, counted in code points; -1 for a special token
 * @param ends first character behind it; -1 for a special token
 * @param texts the pieces as the vocabulary has them
 */
public record Tokens(
    long[] ids,
    long[] segments,
    int[] sides,
    int[] words,
    int[] begins,
    int[] ends,
    List<String> texts) {

  /** Some of the tokens, by position. */
  Tokens kept(int[] positions) {
    return new Tokens(
        Arrays.stream(positions).mapToLong(i -> ids[i]).toArray(),
        Arrays.stream(positions).mapToLong(i -> segments[i]).toArray(),
        Arrays.stream(positions).map(i -> sides[i]).toArray(),
        Arrays.stream(positions).map(i -> words[i]).toArray(),
        Arrays.stream(positions).map(i -> begins[i]).toArray(),
        Arrays.stream(positions).map(i -> ends[i]).toArray(),
        Arrays.stream(positions).mapToObj(texts::get).toList());
  }

  /** Number of tokens. */
  public int size() {
    return ids.length;
  }
}
