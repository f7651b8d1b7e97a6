package dev.graft.report;

import java.util.Arrays;
import java.util.List;

/** A text whose words are shaded by what they do to a prediction. */
public final class ShadedWords {

  private static final String OPENING = "<p class=\"shaded\">";
  private static final int SHADES = 3;

  /** Weights are compared with the largest of the text, or with this where all are small. */
  private static final double LEAST = 0.1;

  private ShadedWords() {}

  /**
   * The text as HTML. The darkest shade is that of the largest weight in it, if that is a tenth or
   * more.
   *
   * @param words in order
   * @param weights one per word: how much of the prediction's probability is lost without it;
   *     negative where it is more probable without
   */
  public static String html(List<String> words, double[] weights) {
    double largest = Arrays.stream(weights).map(Math::abs).reduce(LEAST, Math::max);
    StringBuilder html = new StringBuilder(OPENING);
    for (int i = 0; i < weights.length; i++) {
      int shade = (int) Math.round(SHADES * Math.abs(weights[i]) / largest);
      html.append(i == 0 ? "" : " ");
      html.append(
          shade == 0
              ? Html.escape(words.get(i))
              : Html.format(
                  "<mark class=\"%s-%s\" title=\"%s\">%s</mark>",
                  weights[i] > 0 ? "for" : "against",
                  "" + shade,
                  (weights[i] > 0 ? "+" : "−") + Html.percent(Math.abs(weights[i])),
                  words.get(i)));
    }
    return html.append("</p>").toString();
  }

  /** True if a rendering has shaded words. */
  static boolean isIn(String html) {
    return html.startsWith(OPENING);
  }
}
