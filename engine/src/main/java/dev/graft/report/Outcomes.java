package dev.graft.report;

import dev.graft.report.TestOutcome.ClassFigures;
import dev.graft.report.TestOutcome.Shown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What the test part shows: which classes are taken for which, figures per class, examples. */
final class Outcomes {

  /** Most classes of which the whole matrix is drawn. */
  private static final int MATRIX = 30;

  /** Most rows of a table that is not folded away. */
  private static final int ROWS = 30;

  /** Confusions that are listed. */
  private static final int PAIRS = 10;

  private final TestOutcome test;

  Outcomes(TestOutcome test) {
    this.test = test;
  }

  String html() {
    return (test.classification() ? confusion() : "")
        + (test.classes().isEmpty() ? "" : classes())
        + (test.points().isEmpty() ? "" : scatter())
        + (test.passages().isEmpty() ? "" : Passages.html(test.passages()))
        + (test.samples().isEmpty() ? "" : Samples.html(test.samples()))
        + examples();
  }

  /** The same without sections of its own and without examples; nothing for numbers. */
  String plain() {
    return (test.classification() ? confusions() : "")
        + (test.classes().isEmpty() ? "" : classTable());
  }

  // ---- confusions ----

  private record Pair(int truth, int predicted, long count) {}

  private String confusion() {
    return Html.section(
        "confusion",
        "What is taken for what",
        "A row holds the test examples of one class, a column what the model calls them. The"
            + " diagonal is right; the darker a cell, the larger its share of the row.",
        confusions());
  }

  private String confusions() {
    return test.labels().size() <= MATRIX ? matrix() + pairs() : pairs();
  }

  private String matrix() {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table class=\"matrix\"><thead>");
    html.append("<tr><th class=\"corner\">true ↓ &nbsp; predicted →</th>");
    for (String label : test.labels()) {
      html.append(Html.format("<th scope=\"col\"><span>%s</span></th>", label));
    }
    html.append("</tr></thead><tbody>\n");
    for (int i = 0; i < test.labels().size(); i++) {
      html.append(Html.format("<tr><th scope=\"row\">%s</th>", test.labels().get(i)));
      for (int j = 0; j < test.labels().size(); j++) {
        html.append(cell(i, j));
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  private String cell(int truth, int predicted) {
    long count = test.confusion()[truth][predicted];
    long support = test.classes().get(truth).support();
    if (count == 0) {
      return "<td class=\"none\">0</td>";
    }
    double share = (double) count / support;
    return Html.text(
        "<td class=\"%s\" style=\"--share:%.3f\">%d</td>",
        truth == predicted ? "right" : "wrong", share, count);
  }

  private String pairs() {
    List<Pair> wrong = new ArrayList<>();
    for (int i = 0; i < test.labels().size(); i++) {
      for (int j = 0; j < test.labels().size(); j++) {
        if (i != j && test.confusion()[i][j] > 0) {
          wrong.add(new Pair(i, j, test.confusion()[i][j]));
        }
      }
    }
    if (wrong.isEmpty()) {
      return "<p>No test example is taken for another class.</p>\n";
    }
    wrong.sort(Comparator.comparingLong(Pair::count).reversed());
    return wrong.stream()
        .limit(PAIRS)
        .map(
            pair ->
                Html.format(
                    "<li><b>%s</b> taken for <b>%s</b>: %d of %d</li>",
                    test.labels().get(pair.truth),
                    test.labels().get(pair.predicted),
                    pair.count,
                    test.classes().get(pair.truth).support()))
        .collect(
            Collectors.joining(
                "\n", "<h3>Most frequent confusions</h3><ol class=\"pairs\">", "</ol>\n"));
  }

  // ---- classes ----

  private String classes() {
    return Html.section(
        "classes",
        "Class by class",
        "Precision: of what the model calls so, how much is. Recall: of what is so, how much the"
            + " model finds. F1: their harmonic mean.",
        classTable());
  }

  private String classTable() {
    List<List<String>> rows = new ArrayList<>();
    for (ClassFigures figures : test.classes()) {
      rows.add(
          List.of(
              figures.label(),
              Html.percent(figures.precision()),
              Html.percent(figures.recall()),
              Html.percent(figures.f1()),
              Html.count(figures.support())));
    }
    String table =
        Html.table(List.of("class", "precision", "recall", "F1", "in the test part"), rows);
    return rows.size() <= ROWS ? table : Html.details(rows.size() + " classes", table);
  }

  // ---- numbers ----

  private String scatter() {
    return Html.section(
        "numbers",
        "Predicted and true numbers",
        "Each point is a test example; on the line the prediction is exact.",
        "<div class=\"chart\"><canvas id=\"scatter\" role=\"img\""
            + " aria-label=\"Predicted against true numbers\"></canvas></div>\n");
  }

  // ---- examples ----

  private static final String SHADES =
      " Words are shaded by what they do to the prediction: without a green one it is less"
          + " probable, without an orange one more so; the darker, the more.";

  private String examples() {
    if (test.shown().isEmpty()) {
      return "";
    }
    if (test.classes().isEmpty()) {
      return Html.section(
          "examples",
          "Largest errors",
          "The test examples whose prediction is furthest off.",
          gallery(test.shown()));
    }
    List<Shown> wrong = test.shown().stream().filter(shown -> !shown.right()).toList();
    List<Shown> right = test.shown().stream().filter(Shown::right).toList();
    StringBuilder content = new StringBuilder();
    if (!wrong.isEmpty()) {
      content.append("<h3>Wrong, and most sure of it</h3>").append(gallery(wrong));
    }
    if (!right.isEmpty()) {
      content.append("<h3>Right</h3>").append(gallery(right));
    }
    return Html.section(
        "examples",
        "Examples from the test part",
        "Mistakes made with confidence show wrong labels and classes that look alike."
            + (test.shown().stream().anyMatch(shown -> ShadedWords.isIn(shown.html()))
                ? SHADES
                : ""),
        content.toString());
  }

  private String gallery(List<Shown> examples) {
    boolean texts = examples.stream().anyMatch(shown -> shown.html().startsWith("<p"));
    String begin = texts ? "<div class=\"gallery texts\">" : "<div class=\"gallery\">";
    return examples.stream().map(this::figure).collect(Collectors.joining("\n", begin, "</div>\n"));
  }

  private String figure(Shown shown) {
    String kind = !test.classes().isEmpty() ? (shown.right() ? "right" : "wrong") : "";
    String sure = Double.isNaN(shown.probability()) ? "" : " " + Html.percent(shown.probability());
    String truth =
        shown.right() || shown.truth().isEmpty()
            ? ""
            : Html.format("<span class=\"truth\">true: %s</span>", shown.truth());
    return Html.format("<figure class=\"%s\" title=\"%s\"><div class=\"thing\">", kind, shown.id())
        + (shown.html().isEmpty() ? Html.format("<code>%s</code>", shown.id()) : shown.html())
        + "</div><figcaption>"
        + Html.format("<b>%s</b>%s", shown.predicted(), sure)
        + truth
        + "</figcaption></figure>";
  }
}
