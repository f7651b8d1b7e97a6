package dev.graft.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Pieces of HTML. Everything that is not markup of ours goes through {@link #escape}. */
final class Html {

  private Html() {}

  /** Text as the content of an element or of an attribute in quotes. */
  static String escape(String text) {
    StringBuilder result = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> result.append("&amp;");
        case '<' -> result.append("&lt;");
        case '>' -> result.append("&gt;");
        case '"' -> result.append("&quot;");
        case '\'' -> result.append("&#39;");
        default -> result.append(c < ' ' && !Character.isWhitespace(c) ? '\uFFFD' : c);
      }
    }
    return result.toString();
  }

  /** Formats in every locale alike; texts among the values are escaped. */
  static String format(String pattern, Object... values) {
    Object[] safe = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      safe[i] = values[i] instanceof String text ? escape(text) : values[i];
    }
    return text(pattern, safe);
  }

  /** Formats plain text in every locale alike; nothing is escaped. */
  static String text(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** A share as per cent with one decimal. */
  static String percent(double share) {
    return Double.isNaN(share) ? "–" : text("%.1f %%", 100 * share);
  }

  /** A number with four significant digits. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "–";
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e6) {
      return text("%.0f", value);
    }
    String pattern = size >= 1e5 || size < 1e-4 ? "%.3e" : size >= 100 ? "%.1f" : "%.4f";
    return text(pattern, value);
  }

  /** A count with thousands set apart. */
  static String count(long value) {
    return text("%,d", value);
  }

  /** A section with a title and a sentence on what is to be seen. */
  static String section(String id, String title, String lead, String content) {
    return format("<section id=\"%s\"><h2>%s</h2><p class=\"lead\">%s</p>", id, title, lead)
        + content
        + "</section>\n";
  }

  /** A table; the first cell of each row is its heading, cells are plain text. */
  static String table(List<String> head, List<List<String>> rows) {
    String columns =
        head.stream()
            .map(cell -> format("<th scope=\"col\">%s</th>", cell))
            .collect(Collectors.joining());
    String body = rows.stream().map(Html::row).collect(Collectors.joining("\n"));
    return "<div class=\"scroll\"><table><thead><tr>"
        + columns
        + "</tr></thead><tbody>\n"
        + body
        + "</tbody></table></div>\n";
  }

  private static String row(List<String> cells) {
    StringBuilder row = new StringBuilder("<tr>");
    row.append(format("<th scope=\"row\">%s</th>", cells.get(0)));
    cells.stream().skip(1).forEach(cell -> row.append(format("<td>%s</td>", cell)));
    return row.append("</tr>").toString();
  }

  /** Names with their values, both plain text. */
  static String facts(List<List<String>> pairs) {
    return pairs.stream()
        .filter(pair -> !pair.get(1).isEmpty())
        .map(pair -> format("<dt>%s</dt><dd>%s</dd>", pair.get(0), pair.get(1)))
        .collect(Collectors.joining("\n", "<dl>", "</dl>\n"));
  }

  /** Content that is folded away until it is asked for. */
  static String details(String summary, String content) {
    return format("<details><summary>%s</summary>", summary) + content + "</details>\n";
  }
}
