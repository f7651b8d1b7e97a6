package dev.graft.task.sequence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An answer as part of a text. In a row of numbers it is its beginning, its end, the number of its
 * characters, and these; the next answer follows. A character is a code point.
 *
 * @param begin its first character in the text, from 0
 * @param end the character behind its last one
 * @param text what stands there
 */
public record AnswerSpan(int begin, int end, String text) {

  /** Says that there is none: nothing of the text was seen. */
  static final AnswerSpan NONE = new AnswerSpan(0, 0, "");

  /** Answers as a row. */
  public static double[] row(List<AnswerSpan> answers) {
    List<double[]> parts = answers.stream().map(AnswerSpan::row).toList();
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private double[] row() {
    int[] characters = text.codePoints().toArray();
    double[] row = new double[3 + characters.length];
    row[0] = begin;
    row[1] = end;
    row[2] = characters.length;
    for (int i = 0; i < characters.length; i++) {
      row[3 + i] = characters[i];
    }
    return row;
  }

  /** The answers of a row. */
  public static List<AnswerSpan> of(double[] row) {
    List<AnswerSpan> answers = new ArrayList<>();
    for (int at = 0; at < row.length; at += 3 + (int) row[at + 2]) {
      int[] characters =
          Arrays.stream(row, at + 3, at + 3 + (int) row[at + 2]).mapToInt(c -> (int) c).toArray();
      answers.add(
          new AnswerSpan(
              (int) row[at], (int) row[at + 1], new String(characters, 0, characters.length)));
    }
    return answers;
  }

  /**
   * The words that count in a comparison, as the evaluation of SQuAD has them (Rajpurkar et al.
   * 2016): lower case, without punctuation and articles.
   */
  List<String> words() {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("\\p{Punct}", "");
    return Arrays.stream(plain.strip().split("\\s+"))
        .filter(word -> !word.isEmpty() && !word.matches("a|an|the"))
        .toList();
  }

  /** F1 of the words that two answers share, from 0 to 1. */
  double overlap(AnswerSpan other) {
    List<String> own = words();
    List<String> left = new ArrayList<>(other.words());
    int most = own.size() + left.size();
    int shared = (int) own.stream().filter(left::remove).count();
    return most == 0 ? 1 : 2.0 * shared / most;
  }
}
