package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several tasks on one network: Greek letters, their size, and Latin letters. */
class MultitaskCommandTest {

  private static final String METHOD = "fine-tune:epochs=1:augmentation=none";

  @TempDir private Path temp;

  private Path sizes() throws IOException {
    StringBuilder table = new StringBuilder("class,label\n");
    for (String name : Files.readAllLines(Ran.demo("glyphs-target").resolve("classes.txt"))) {
      table.append(name);
      table.append(Character.isUpperCase(name.charAt(0)) ? ",capital\n" : ",small\n");
    }
    return Files.writeString(temp.resolve("sizes.csv"), table);
  }

  private Object[] command(String name, Object... more) throws IOException {
    List<Object> words =
        new ArrayList<>(
            List.of(
                name,
                "--base",
                Ran.demo("glyphs-base"),
                "--data",
                Ran.demo("glyphs-target"),
                "--labels",
                "size=" + sizes(),
                "--task",
                "latin=" + Ran.demo("glyphs-source"),
                "--k-per-class",
                4));
    words.addAll(List.of(more));
    return words.toArray();
  }

  @Test
  void aFitReportsEveryTaskAndItsBundleAnswersForEach() throws IOException {
    Path run = temp.resolve("run");
    Ran fit = Ran.graft(command("fit", "--method", METHOD + ",equal", "--out", run, "--json"));
    assertEquals(0, fit.code(), fit.err());
    JsonNode test = fit.json().at("/metrics/test");
    assertEquals("mean/accuracy", test.fieldNames().next());
    for (String key : List.of("accuracy", "size/accuracy", "latin/macro_f1", "latin/loss")) {
      assertTrue(test.path(key).isNumber(), key + " in " + test);
    }
    Path bundle = run.resolve("bundle");
    String report = Files.readString(bundle.resolve("report.html"));
    assertTrue(report.contains("Task size") && report.contains("Task latin"));
    // A part of the data that the source gives is measured as it was at the end of the run.
    for (String task : List.of("main", "latin")) {
      Ran eval =
          Ran.graft(
              "eval",
              "--bundle",
              bundle,
              "--task",
              task,
              "--data",
              Ran.demo(task.equals("main") ? "glyphs-target" : "glyphs-source"),
              "--json");
      assertEquals(0, eval.code(), eval.err());
      String key = task.equals("main") ? "accuracy" : task + "/accuracy";
      assertEquals(
          test.get(key).asDouble(), eval.json().at("/metrics/accuracy").asDouble(), 0.01, key);
    }
    // A model with several tasks can be gone on with, but it is no teacher.
    Object[] latin = {"plan", "--data", Ran.demo("glyphs-source"), "--base", bundle};
    assertEquals(0, Ran.graft(latin).code());
    Ran teacher =
        Ran.graft(
            "plan",
            "--base",
            Ran.demo("glyphs-base"),
            "--data",
            Ran.demo("glyphs-target"),
            "--teacher",
            bundle,
            "--method",
            "fine-tune,kd");
    assertTrue(teacher.err().contains("does the tasks [main, latin, size]"), teacher.err());
    Ran unknown = Ran.graft("predict", "--bundle", bundle, "--task", "colour", "letter.png");
    assertEquals(1, unknown.code());
    assertTrue(
        unknown.err().contains("'colour'") && unknown.err().contains("[main, latin, size]"),
        unknown.err());
  }

  @Test
  void theTableHoldsEachTaskAloneAndAllTogether() throws IOException {
    Path out = temp.resolve("tasks");
    Object[] command =
        command(
            "multitask",
            "--method",
            METHOD,
            "--weighting",
            "equal,cagrad:c=0.2",
            "--seeds",
            "3",
            "--out",
            out,
            "--json");
    Ran ran = Ran.graft(command);
    assertEquals(0, ran.code(), ran.err());
    JsonNode rows = ran.json().get("rows");
    assertEquals(3, rows.size());
    assertEquals("alone", rows.get(0).get("name").asText());
    for (JsonNode row : rows) {
      assertEquals(3, row.get("figures").size(), row.toString());
      assertEquals("accuracy", row.at("/figures/latin/metric").asText());
    }
    long three = rows.get(0).get("parameters").asLong();
    long one = rows.get(1).get("parameters").asLong();
    assertTrue(one < three / 2, () -> one + " of " + three);
    String table = Files.readString(out.resolve("tasks.md"));
    assertTrue(table.contains("| cagrad:c=0.2 |") && table.contains("size: test"), table);
    // Each task alone has the examples it has beside the others.
    assertEquals(
        Files.readString(out.resolve("equal-seed3/split/size.training.txt")),
        Files.readString(out.resolve("alone-size-seed3/split/training.txt")));
    assertEquals(
        Files.readString(out.resolve("equal-seed3/split/latin.test.txt")),
        Files.readString(out.resolve("alone-latin-seed3/split/test.txt")));
    // What is done is not run again.
    Ran again = Ran.graft(command);
    assertEquals(ran.json(), again.json());
    assertEquals("", again.err());
  }

  @Test
  void aStoppedRunEndsInTheSameBits() throws IOException {
    Transfer transfer =
        Graft.create()
            .transfer(Ran.demo("glyphs-base"), Ran.demo("glyphs-target"))
            .labels("size", sizes())
            .task("latin", Ran.demo("glyphs-source"))
            .perClass(4)
            .method(METHOD + ",gradnorm");
    String whole = transfer.fit(temp.resolve("whole")).bundle().orElseThrow().weights().digest();
    AtomicInteger updates = new AtomicInteger();
    Path parts = temp.resolve("parts");
    assertFalse(
        transfer.stopWhen(() -> updates.incrementAndGet() >= 2).fit(parts).result().completed());
    Fitted resumed = Graft.create().resume(parts).fit(parts);
    assertEquals(whole, resumed.bundle().orElseThrow().weights().digest());
  }

  @Test
  void requestsThatMeanNothingAreRefused() throws IOException {
    assertTrue(Ran.graft(command("plan", "--method", METHOD)).err().contains("[latin, size]"));
    Object[] twice = command("plan", "--labels", "main=" + sizes(), "--method", "fine-tune,equal");
    assertTrue(Ran.graft(twice).err().contains("two tasks are named 'main'"));
    Object[] none =
        command("plan", "--labels", "x=" + temp.resolve("none.csv"), "--method", "fine-tune,equal");
    assertTrue(Ran.graft(none).err().contains("no table of labels"));
    Ran one =
        Ran.graft(
            "multitask", "--base", Ran.demo("glyphs-base"), "--data", Ran.demo("glyphs-target"));
    assertEquals(1, one.code());
    assertTrue(one.err().contains("--task NAME=DIR"), one.err());
  }
}
