package dev.graft.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What went in: data, plan, base, environment. */
final class Setup {

  /** Most classes whose counts are not folded away. */
  private static final int ROWS = 30;

  private final Report report;

  Setup(Report report) {
    this.report = report;
  }

  String html() {
    return split() + plan() + base() + environment();
  }

  private String split() {
    List<List<String>> parts = new ArrayList<>();
    for (PartCount part : report.parts()) {
      parts.add(
          List.of(
              part.name(), Html.count(part.examples()), Html.count(part.skipped()), part.use()));
    }
    String content = Html.table(List.of("part", "examples", "unreadable", "use"), parts);
    List<String> labels = report.test().map(TestOutcome::labels).orElse(List.of());
    if (!labels.isEmpty()) {
      String table = Html.table(head(), perClass(labels));
      content +=
          labels.size() <= ROWS ? table : Html.details(labels.size() + " classes by part", table);
    }
    return Html.section(
        "data",
        "Data",
        "How the examples of “" + report.names().data() + "” were divided.",
        content);
  }

  private List<String> head() {
    return Stream.concat(Stream.of("class"), report.parts().stream().map(PartCount::name)).toList();
  }

  private List<List<String>> perClass(List<String> labels) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      List<String> row = new ArrayList<>(List.of(labels.get(i)));
      for (PartCount part : report.parts()) {
        row.add(i < part.perClass().size() ? Html.count(part.perClass().get(i)) : "–");
      }
      rows.add(row);
    }
    return rows;
  }

  private String plan() {
    return Html.section(
        "plan",
        "Plan",
        "What was to happen, written down before it began.",
        Html.format("<div class=\"scroll\"><pre>%s</pre></div>", report.plan()));
  }

  private String base() {
    BaseCard base = report.base();
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("name", base.name()));
    facts.add(List.of("family", base.family()));
    facts.add(List.of("weights", base.digest().isEmpty() ? "random" : "SHA-256 " + base.digest()));
    facts.add(List.of("licence", base.licence().isEmpty() ? "not stated" : base.licence()));
    facts.add(List.of("source", base.source()));
    for (Map.Entry<String, Object> entry : base.preprocessing().entrySet()) {
      facts.add(List.of(entry.getKey(), String.valueOf(entry.getValue())));
    }
    return Html.section(
        "base",
        "Base model",
        "Where the transferred knowledge comes from, and how inputs are prepared for it.",
        Html.facts(facts));
  }

  private String environment() {
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("created", report.created()));
    facts.add(List.of("seed", String.valueOf(report.names().seed())));
    report.environment().forEach((name, value) -> facts.add(List.of(name, value)));
    return Html.section(
        "environment",
        "Environment",
        "The same seed on the same machine gives the same bits.",
        Html.facts(facts));
  }
}
