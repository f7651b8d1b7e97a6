package dev.graft.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The top of the page: what was done, how good the result is, and on what that figure stands. */
final class Headline {

  /** What the metrics mean, for those who see them for the first time. */
  private static final Map<String, String> MEANING =
      Map.ofEntries(
          Map.entry("accuracy", "share of examples whose most probable class is the true one"),
          Map.entry(
              "balanced_accuracy", "mean of the classes' recall; rare classes count like others"),
          Map.entry("macro_f1", "mean of the classes' F1; rare classes count like others"),
          Map.entry("log_loss", "mean negative logarithm of the true class's probability"),
          Map.entry("ece", "mean gap between stated probability and share of right answers"),
          Map.entry("roc_auc", "chance that a positive example scores above a negative one"),
          Map.entry("average_precision", "mean precision over all thresholds"),
          Map.entry("rmse", "root of the mean squared error, in the unit of the target"),
          Map.entry("mae", "mean absolute error, in the unit of the target"),
          Map.entry("r2", "share of the variance that is explained; 0 is as good as the mean"),
          Map.entry("loss", "what training makes small"));

  /** What the ids of means over several tasks begin with. */
  private static final String MEAN = "mean/";

  private final Report report;

  Headline(Report report) {
    this.report = report;
  }

  String html() {
    Report.Names names = report.names();
    String methods = String.join(" + ", names.methods());
    return "<header>"
        + Html.format("<p class=\"kicker\">%s by %s</p>", names.task(), methods)
        + Html.format("<h1>%s <span>→</span> %s</h1>", report.base().name(), names.data())
        + "<div class=\"cards\">"
        + cards()
        + "</div></header>\n"
        + notes()
        + metrics();
  }

  private String cards() {
    List<String> cards = new ArrayList<>();
    cards.add(report.test().map(this::testCard).orElseGet(this::noTest));
    validation().ifPresent(cards::add);
    report.test().filter(TestOutcome::classification).map(this::frequentCard).ifPresent(cards::add);
    cards.add(trainedCard());
    return String.join("", cards);
  }

  private static String card(String kind, String title, String figure, String text) {
    return Html.format(
        "<div class=\"card %s\"><h3>%s</h3><p class=\"figure\">%s</p><p>%s</p></div>",
        kind, title, figure, text);
  }

  private String testCard(TestOutcome test) {
    if (!test.classification()) {
      return card(
          "main",
          "Test " + report.selector().id(),
          Html.number(value(report.result().test())),
          Html.text(
              "from %d test examples, which neither training nor selection has seen",
              test.examples()));
    }
    Interval interval = Interval.ofShare(test.right(), test.examples());
    return card(
        "main",
        "Test accuracy",
        Html.percent((double) test.right() / test.examples()),
        Html.text(
            "%d of %d test examples right; 95 %% interval %s to %s. Neither training nor selection"
                + " has seen them.",
            test.right(),
            test.examples(),
            Html.percent(interval.low()),
            Html.percent(interval.high())));
  }

  private String noTest() {
    return card(
        "main", "Test", "none", "There was no test part, so nothing here says how good it is.");
  }

  private Optional<String> validation() {
    if (report.result().validation().isEmpty()) {
      return Optional.empty();
    }
    String id = report.selector().id();
    double value = value(report.result().validation());
    return Optional.of(
        card(
            "",
            "Validation " + id,
            id.equals("accuracy") ? Html.percent(value) : Html.number(value),
            "It selected the weights and is therefore a little too good."));
  }

  private double value(Map<String, Double> metrics) {
    return metrics.getOrDefault(report.selector().id(), Double.NaN);
  }

  private String frequentCard(TestOutcome test) {
    TestOutcome.ClassFigures most = test.classes().get(0);
    for (TestOutcome.ClassFigures figures : test.classes()) {
      most = figures.support() > most.support() ? figures : most;
    }
    return card(
        "",
        "Without any model",
        Html.percent((double) most.support() / test.examples()),
        "Always answering “%s” would be right this often.".formatted(most.label()));
  }

  private String trainedCard() {
    TrainResult result = report.result();
    return card(
        "",
        "Trained",
        Html.percent((double) result.trainable() / result.parameters()),
        Html.text(
            "%s of %s parameters, %s updates, %s",
            Html.count(result.trainable()),
            Html.count(result.parameters()),
            Html.count(result.updates()),
            duration(result.seconds())));
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 120
        ? Html.text("%.1f s", seconds)
        : Html.text("%d min %d s", whole / 60, whole % 60);
  }

  private String notes() {
    List<String> notes = new ArrayList<>(report.result().notes());
    report.test().filter(TestOutcome::classification).flatMap(Headline::wide).ifPresent(notes::add);
    if (notes.isEmpty()) {
      return "";
    }
    StringBuilder list = new StringBuilder("<ul class=\"notes\">");
    notes.forEach(note -> list.append(Html.format("<li>%s</li>", note)));
    return Html.section(
        "notes", "Worth knowing", "What the run noticed by itself.", list + "</ul>");
  }

  /** A word of warning where the test part is too small to tell models apart. */
  private static Optional<String> wide(TestOutcome test) {
    Interval interval = Interval.ofShare(test.right(), test.examples());
    return interval.width() < 0.1
        ? Optional.empty()
        : Optional.of(
            Html.text(
                "with %d test examples the accuracy is known to within %s only; models that differ"
                    + " by less cannot be told apart here",
                test.examples(), Html.percent(interval.width())));
  }

  private String metrics() {
    Map<String, Double> validation = report.result().validation();
    List<Report.Measure> all =
        new ArrayList<>(report.measures().stream().filter(Headline::isOfTheFirstTask).toList());
    all.add(new Report.Measure("loss", false));
    List<List<String>> rows = new ArrayList<>();
    for (Report.Measure measure : all) {
      List<String> row =
          new ArrayList<>(List.of(measure.id(), figure(report.result().test(), measure.id())));
      if (!validation.isEmpty()) {
        row.add(figure(validation, measure.id()));
      }
      row.add(measure.higherIsBetter() ? "higher" : "lower");
      row.add(meaning(measure.id()));
      rows.add(row);
    }
    return Html.section(
        "metrics",
        "All figures",
        "Test: looked at once, with the final weights."
            + (validation.isEmpty() ? "" : " Validation: looked at after every epoch."),
        Html.table(
            validation.isEmpty()
                ? List.of("metric", "test", "better", "meaning")
                : List.of("metric", "test", "validation", "better", "meaning"),
            rows));
  }

  /** Figures of other tasks stand in sections of their own. */
  private static boolean isOfTheFirstTask(Report.Measure measure) {
    return !measure.id().contains("/") || measure.id().startsWith(MEAN);
  }

  private static String meaning(String id) {
    return id.startsWith(MEAN) ? "mean over the tasks" : MEANING.getOrDefault(id, "");
  }

  private static String figure(Map<String, Double> metrics, String id) {
    return Html.number(metrics.getOrDefault(id, Double.NaN));
  }
}
