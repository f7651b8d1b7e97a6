package dev.graft.report;

import dev.graft.report.TestOutcome.Passage;
import dev.graft.report.TestOutcome.Word;
import java.util.List;
import java.util.stream.Collectors;

/** Texts of the test part with what the model found in them marked, and what it missed. */
final class Passages {

  private Passages() {}

  static String html(List<Passage> passages) {
    return Html.section(
        "passages",
        "Found in the test part",
        "Marked is what the model finds; red is wrong or missed, with what it is in truth. The"
            + " examples with the most mistakes come first, then some without.",
        passages.stream()
            .map(passage -> "<p class=\"passage\">" + words(passage.words()) + "</p>")
            .collect(Collectors.joining("\n")));
  }

  /** Neighbours that are marked alike are one mark. */
  private static String words(List<Word> words) {
    StringBuilder html = new StringBuilder();
    int from = 0;
    for (int i = 1; i <= words.size(); i++) {
      if (i == words.size() || !words.get(i).alike(words.get(from))) {
        html.append(from == 0 ? "" : " ").append(run(words.subList(from, i)));
        from = i;
      }
    }
    return html.toString();
  }

  private static String run(List<Word> run) {
    Word word = run.get(0);
    String text = run.stream().map(Word::text).collect(Collectors.joining(" "));
    if (word.predicted().isEmpty() && word.truth().isEmpty()) {
      return Html.escape(text);
    }
    boolean right = word.predicted().equals(word.truth());
    String truth = word.truth().isEmpty() ? "nothing" : word.truth();
    String predicted = word.predicted().isEmpty() ? "missed" : word.predicted();
    return Html.format(
        "<mark class=\"%s\">%s <small>%s</small></mark>",
        right ? "right" : "wrong", text, right ? truth : predicted + " (true: " + truth + ")");
  }
}
