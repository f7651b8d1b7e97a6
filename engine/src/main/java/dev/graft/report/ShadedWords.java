package dev.graft.report;

import java.util.Arrays;
import java.util.List;

/** A text whose words are shaded by what they do to a prediction. */
public final class ShadedWords {

  private static final String OPENING = "<p class=\"shaded\">";
  private static final int SHADES = 3;

  /** Changes of the odds' logarithm are compared with the text's largest, or with this. */
  private static final double LEAST = 0.5;

  /** Nearer to 0 or 1 probabilities are not told apart. */
  private static final double EDGE = 1e-6;

  private ShadedWords() {}

  /**
   * The text as HTML. The darkest shade is that of the word that changes the odds most, if it
   * changes them by two thirds or more.
   *
   * @param words in order
   * @param probability of the prediction
   * @param without one per word: what is left of it when the word is left out
   */
  public static String html(List<String> words, double probability, double[] without) {
    double[] changes = Arrays.stream(without).map(p -> logit(probability) - logit(p)).toArray();
    double largest = Arrays.stream(changes).map(Math::abs).reduce(LEAST, Math::max);
    StringBuilder html = new StringBuilder(OPENING);
    for (int i = 0; i < changes.length; i++) {
      long shade = Math.round(SHADES * Math.abs(changes[i]) / largest);
      html.append(i == 0 ? "" : " ");
      html.append(
          shade == 0
              ? Html.escape(words.get(i))
              : Html.format(
                  "<mark class=\"%s-%s\" title=\"%s without it\">%s</mark>",
                  changes[i] > 0 ? "for" : "against",
                  "" + shade,
                  Html.percent(without[i]),
                  words.get(i)));
    }
    return html.append("</p>").toString();
  }

  private static double logit(double probability) {
    double inside = Math.min(1 - EDGE, Math.max(EDGE, probability));
    return Math.log(inside / (1 - inside));
  }

  /** True if a rendering has shaded words. */
  static boolean isIn(String html) {
    return html.startsWith(OPENING);
  }
}
