package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Greek letters, four of each, from a network that knows Latin ones. */
class CompareCommandTest {

  private static final String SCRATCH = "from-scratch:epochs=1:augmentation=none";

  @TempDir private Path temp;

  private Ran compare(Object... more) {
    Object[] words = {
      "compare",
      "--base",
      Ran.demo("glyphs-base"),
      "--data",
      Ran.demo("glyphs-target"),
      "--k-per-class",
      4,
      "--method",
      "linear-probe",
      "--method",
      SCRATCH,
      "--out",
      temp.resolve("out"),
      "--json"
    };
    Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return Ran.graft(all);
  }

  @Test
  void aRowIsTheMeanOfItsRunsAndThoseThatAreDoneAreNotRunAgain() throws Exception {
    Ran one = compare("--seeds", "0");
    assertEquals(0, one.code(), one.err());
    Path result = temp.resolve("out/linear-probe-seed0/result.json");
    FileTime written = Files.getLastModifiedTime(result);
    Ran two = compare("--seeds", "0,1");
    assertEquals(0, two.code(), two.err());
    assertEquals(written, Files.getLastModifiedTime(result));
    JsonNode row = two.json().at("/rows/0");
    double first = row.at("/runs/0").asDouble();
    double second = row.at("/runs/1").asDouble();
    assertEquals(one.json().at("/rows/0/mean").asDouble(), first);
    assertEquals((first + second) / 2, row.path("mean").asDouble(), 1e-12);
    assertEquals(Math.abs(first - second) / Math.sqrt(2), row.path("deviation").asDouble(), 1e-12);
    assertTrue(row.path("changesBytes").isNull());
    String table = Files.readString(temp.resolve("out/comparison.md"));
    assertEquals(4, table.lines().count());
    assertFalse(table.contains("changes"));
  }

  @Test
  void changesAreWrittenAndMeasuredWhereThereIsABase() throws Exception {
    Ran ran = compare("--seeds", "0", "--changes");
    assertEquals(0, ran.code(), ran.err());
    JsonNode probe = ran.json().at("/rows/0");
    long bytes = probe.path("changesBytes").asLong();
    assertEquals(4 * probe.path("trainable").asLong(), bytes);
    Path file = temp.resolve("out/linear-probe-seed0/changes/changes.safetensors");
    assertTrue(Files.size(file) > bytes);
    assertTrue(ran.json().at("/rows/1/changesBytes").isNull());
    String table = Files.readString(temp.resolve("out/comparison.md"));
    assertTrue(table.lines().findFirst().orElseThrow().contains("changes, MB"), table);
  }

  @Test
  void aMethodThatIsRefusedIsRefusedBeforeAnythingRuns() {
    Ran ran = compare("--method", "lp-ft,fine-tune");
    assertEquals(1, ran.code(), ran.err());
    assertTrue(ran.err().contains("'lp-ft' and 'fine-tune' both decide what trains"), ran.err());
    assertFalse(Files.exists(temp.resolve("out")));
  }
}
