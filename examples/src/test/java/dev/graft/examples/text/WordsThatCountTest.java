package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Graft;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of texts with one class each shows the words that a prediction hangs on. */
class WordsThatCountTest {

  private static final String[] PLACES = {"Rome", "Graz", "Lima", "Paris"};
  private static final Pattern SHADED = Pattern.compile("<p class=\"shaded\">.*?</p>");
  private static final Pattern DARKEST = Pattern.compile("<mark class=\"for-3\"[^>]*>([^<]*)<");

  @TempDir private Path temp;

  private String report(String head, String between, Map<String, Object> columns)
      throws IOException {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder(head + ",label\n");
    for (int i = 0; i < 200; i++) {
      boolean sad = random.nextBoolean();
      String place = PLACES[random.nextInt(PLACES.length)];
      csv.append(sad ? "I cried" : "I slept").append(between).append(place);
      csv.append(',').append(sad ? "sad" : "tired").append('\n');
    }
    Path table = Files.writeString(temp.resolve("days.csv"), csv);
    Graft graft = Graft.create();
    Path bundle =
        graft
            .transfer(SharedFolder.require("models/bert-tiny-imdb"), table)
            .format("texts", columns)
            .method("linear-probe")
            .seed(1)
            .fit(temp.resolve("run"))
            .bundle()
            .orElseThrow()
            .folder();
    return Files.readString(bundle.resolve("report.html"));
  }

  /** Whether in each shaded text with a word that word alone is the darkest. */
  private static boolean isAlwaysDarkest(String word, String report) {
    List<String> texts =
        SHADED
            .matcher(report)
            .results()
            .map(MatchResult::group)
            .filter(t -> t.contains(word))
            .toList();
    assertFalse(texts.isEmpty(), "some texts of each class are shaded");
    return texts.stream()
        .allMatch(
            text ->
                DARKEST
                    .matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .toList()
                    .equals(List.of(word)));
  }

  @Test
  void theWordThatTellsTheClassesApartIsTheDarkest() throws IOException {
    String report = report("text", " all day in ", Map.of());
    // One class may be what the model says where it sees neither word.
    assertTrue(isAlwaysDarkest("cried", report) || isAlwaysDarkest("slept", report));
    assertTrue(report.contains("shaded by what they do to the prediction"));
  }

  @Test
  void pairsAreShownAsTheyAre() throws IOException {
    String report =
        report("first,second", " all day,in ", Map.of("text", "first", "pair", "second"));
    assertFalse(report.contains("shaded by what they do"));
    assertTrue(report.contains("<p>I cried all day</p>"));
  }
}
