package dev.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShadedWordsTest {

  @Test
  void theDarkestIsTheLargestInTheText() {
    String html =
        ShadedWords.html(
            List.of("a", "bad", "<film>", "indeed"), new double[] {0.01, 0.3, -0.2, 0.1});
    assertEquals(
        "<p class=\"shaded\">a <mark class=\"for-3\" title=\"+30.0 %\">bad</mark>"
            + " <mark class=\"against-2\" title=\"−20.0 %\">&lt;film&gt;</mark>"
            + " <mark class=\"for-1\" title=\"+10.0 %\">indeed</mark></p>",
        html);
    assertTrue(ShadedWords.isIn(html));
  }

  @Test
  void wordsThatChangeNothingAreNotShaded() {
    String html = ShadedWords.html(List.of("a", "film"), new double[] {0, 0.01});
    assertEquals("<p class=\"shaded\">a film</p>", html);
    assertFalse(ShadedWords.isIn("<p>a film</p>"));
  }
}
