package dev.graft.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The names most like one that was asked for in vain, for error messages. */
public final class NearNames {

  private NearNames() {}

  /** Up to {@code limit} candidates, nearest first by edit distance. */
  public static List<String> of(String name, Collection<String> candidates, int limit) {
    return candidates.stream()
        .sorted(Comparator.comparingInt((String candidate) -> distance(name, candidate)))
        .limit(limit)
        .toList();
  }

  /** Number of letters to insert, delete or replace (Levenshtein), over the first 200 of each. */
  static int distance(String a, String b) {
    String s = a.substring(0, Math.min(a.length(), 200));
    String t = b.substring(0, Math.min(b.length(), 200));
    int[] previous = new int[t.length() + 1];
    for (int j = 0; j <= t.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= s.length(); i++) {
      int[] current = new int[t.length() + 1];
      current[0] = i;
      for (int j = 1; j <= t.length(); j++) {
        int replace = previous[j - 1] + (s.charAt(i - 1) == t.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[t.length()];
  }
}
