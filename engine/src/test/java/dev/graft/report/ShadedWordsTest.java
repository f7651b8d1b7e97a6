package dev.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShadedWordsTest {

  @Test
  void theDarkestIsWhatChangesTheOddsMost() {
    // Odds of 4; without the words 4, 0.25, 9 and 2.33.
    String html =
        ShadedWords.html(
            List.of("a", "bad", "<film>", "indeed"), 0.8, new double[] {0.8, 0.2, 0.9, 0.7});
    assertEquals(
        "<p class=\"shaded\">a <mark class=\"for-3\" title=\"20.0 % without it\">bad</mark>"
            + " <mark class=\"against-1\" title=\"90.0 % without it\">&lt;film&gt;</mark>"
            + " <mark class=\"for-1\" title=\"70.0 % without it\">indeed</mark></p>",
        html);
    assertTrue(ShadedWords.isIn(html));
  }

  @Test
  void whatIsCertainStillHangsOnSomeWords() {
    String html = ShadedWords.html(List.of("a", "film"), 1, new double[] {1, 0.999});
    assertTrue(html.contains(">a <mark class=\"for-3\" title=\"99.9 % without it\">film<"), html);
  }

  @Test
  void wordsThatChangeNothingAreNotShaded() {
    String html = ShadedWords.html(List.of("a", "film"), 0.6, new double[] {0.6, 0.61});
    assertEquals("<p class=\"shaded\">a film</p>", html);
    assertFalse(ShadedWords.isIn("<p>a film</p>"));
  }
}
