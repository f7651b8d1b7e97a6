package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is typed about texts: a base for them is adapted, asked, and goes on with a text. */
class TextCommandsTest {

  private static final String BEGINNING = "Once upon a time";

  @TempDir private Path temp;

  private Path table() throws IOException {
    StringBuilder table = new StringBuilder("label\ttext\n");
    for (String thing : List.of("film", "story", "cast", "music", "ending", "plot")) {
      for (String word : List.of("wonderful", "great", "excellent", "superb")) {
        table.append("good\tthe %s was %s\n".formatted(thing, word));
      }
      for (String word : List.of("terrible", "awful", "boring", "horrible")) {
        table.append("bad\tthe %s was %s\n".formatted(thing, word));
      }
    }
    return Files.writeString(temp.resolve("reviews.tsv"), table);
  }

  @Test
  void aTextOnTheCommandLineIsPredictedByWhatWasLearnedFromATable() throws IOException {
    Path run = temp.resolve("run");
    Ran fit =
        Ran.graft(
            "fit",
            "--base",
            SharedFolder.require("models/bert-tiny-imdb"),
            "--data",
            table(),
            "--method",
            "linear-probe",
            "--out",
            run);
    assertEquals(0, fit.code(), fit.err());
    assertTrue(fit.out().matches("(?s).*\\ntest +accuracy +[01]\\.\\d{4}\\n.*"), fit.out());
    assertTrue(fit.out().endsWith("bundle      " + run.resolve("bundle") + "\n"), fit.out());

    List<String> texts = List.of("the music was excellent", "a boring and terrible film");
    Ran predict =
        Ran.graft("predict", "--bundle", run.resolve("bundle"), texts.get(0), texts.get(1));
    assertEquals(0, predict.code(), predict.err());
    List<String> lines = predict.out().lines().toList();
    assertEquals(6, lines.size(), predict.out());
    assertEquals(texts, List.of(lines.get(0), lines.get(3)));
    assertTrue(lines.get(1).matches(" +\\d+\\.\\d\\d %  good"), predict.out());
    assertTrue(lines.get(4).matches(" +\\d+\\.\\d\\d %  bad"), predict.out());

    Ran embed =
        Ran.graft(
            "embed",
            "--bundle",
            run.resolve("bundle"),
            texts.get(0),
            texts.get(1),
            "the music was superb");
    assertEquals(0, embed.code(), embed.err());
    List<double[]> rows = embed.out().lines().map(TextCommandsTest::numbers).toList();
    assertEquals(3, rows.size(), embed.out());
    assertEquals(128, rows.get(0).length);
    assertTrue(cosine(rows.get(0), rows.get(2)) > cosine(rows.get(0), rows.get(1)), embed.out());

    Path broken = Files.write(temp.resolve("broken.txt"), new byte[] {'a', (byte) 0xc3, '('});
    Ran some =
        Ran.graft("embed", "--bundle", run.resolve("bundle"), texts.get(0), broken, texts.get(1));
    assertEquals(Main.REFUSED, some.code(), some.err());
    assertTrue(some.err().contains(broken.toString()), some.err());
    List<double[]> others = some.out().lines().map(TextCommandsTest::numbers).toList();
    assertEquals(2, others.size(), some.out());
    assertArrayEquals(rows.get(0), others.get(0), 1e-5);
    assertArrayEquals(rows.get(1), others.get(1), 1e-5);
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.split("\t", -1)).skip(1).mapToDouble(Double::parseDouble).toArray();
  }

  private static double cosine(double[] a, double[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private static Ran generate(Object... more) {
    List<Object> words = new ArrayList<>();
    words.addAll(
        List.of(
            "generate",
            "--base",
            SharedFolder.require("models/stories260k-llama"),
            "--prompt",
            BEGINNING,
            "--setting",
            "max_tokens=40"));
    words.addAll(List.of(more));
    return Ran.graft(words.toArray());
  }

  @Test
  void aTextGoesOnWithTheLikeliestWords() {
    Ran ran = generate();
    assertEquals(0, ran.code(), ran.err());
    String known =
        BEGINNING
            + ", there was a little girl named Lily. She loved to play outside in the park. One"
            + " day,";
    assertTrue(ran.out().replace('\n', ' ').startsWith(known), ran.out());
    Ran again = generate("--json");
    assertEquals(BEGINNING, again.json().path("prompt").asText());
    assertEquals(ran.out(), BEGINNING + again.json().path("text").asText() + "\n");
  }

  @Test
  void anEncoderSaysNoNextWord() {
    Ran ran =
        Ran.graft("generate", "--base", SharedFolder.require("models/bert-tiny-imdb").toString());
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("generate needs a decoder"), ran.err());
  }
}
