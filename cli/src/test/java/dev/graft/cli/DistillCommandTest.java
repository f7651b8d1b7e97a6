package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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

/** A large network is adapted, and a small one learns from it. */
class DistillCommandTest {

  @TempDir private Path temp;

  private Path teacher() {
    Path run = temp.resolve("teacher");
    Ran ran =
        Ran.graft(
            "fit",
            "--base",
            Ran.demo("glyphs-base"),
            "--data",
            Ran.demo("glyphs-target"),
            "--out",
            run);
    assertEquals(0, ran.code(), ran.err());
    return run.resolve("bundle");
  }

  /** The plan for the demo's base and data. */
  private static Ran plan(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "plan", "--base", Ran.demo("glyphs-base"), "--data", Ran.demo("glyphs-target")));
    words.addAll(List.of(more));
    return Ran.graft(words.toArray());
  }

  @Test
  void aNamedStudentIsSmallerAndStandsBesideItsTeacher() throws IOException {
    Path teacher = teacher();
    Path out = temp.resolve("small");
    Ran ran =
        Ran.graft(
            "distill",
            "--teacher",
            teacher,
            "--student",
            "resnet8",
            "--data",
            Ran.demo("glyphs-target"),
            "--method",
            "from-scratch:epochs=1,kd",
            "--out",
            out,
            "--json");
    assertEquals(0, ran.code(), ran.err());
    JsonNode json = ran.json();
    long large = json.at("/teacher/parameters").asLong();
    long small = json.at("/student/parameters/total").asLong();
    assertTrue(0 < small && small < large, () -> small + " of " + large);
    assertTrue(json.at("/teacher/test/accuracy").asDouble() > 0.3, json.toString());
    assertTrue(json.at("/student/metrics/test/accuracy").isNumber());
    String table = Files.readString(out.resolve("distillation.md"));
    assertTrue(table.contains("| teacher |") && table.contains("| student |"), table);
    // The bundle holds the student alone: its parts and its teacher stay behind.
    Path bundle = Path.of(json.at("/student/bundle").asText());
    assertFalse(Ran.graft("inspect", bundle).out().contains("distillation"));
    // The run folder knows the teacher.
    assertTrue(Files.readString(out.resolve("request.json")).contains("\"teacher\""));
    assertEquals(0, Ran.graft("resume", out).code());
  }

  @Test
  void aStoppedRunFindsItsTeacherAgainAndEndsInTheSameBits() throws IOException {
    Path teacher = teacher();
    Transfer transfer =
        Graft.create()
            .transfer(Student.folder("resnet8", temp), Ran.demo("glyphs-target"))
            .teacher(teacher)
            .method("from-scratch:epochs=1,kd,fitnet");
    String whole = transfer.fit(temp.resolve("whole")).bundle().orElseThrow().weights().digest();
    AtomicInteger updates = new AtomicInteger();
    Path parts = temp.resolve("parts");
    Fitted stopped = transfer.stopWhen(() -> updates.incrementAndGet() >= 3).fit(parts);
    assertFalse(stopped.result().completed());
    Fitted resumed = Graft.create().resume(parts).fit(parts);
    assertEquals(whole, resumed.bundle().orElseThrow().weights().digest());
  }

  @Test
  void aTeacherThatReadsExamplesInAnotherWayIsRefused() throws IOException {
    Path other = temp.resolve("other");
    Files.createDirectories(other);
    try (var files = Files.list(Ran.demo("glyphs-base"))) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(file.getFileName().toString()));
      }
    }
    Path settings = other.resolve("preprocessor_config.json");
    String read = Files.readString(settings);
    String changed = read.replaceFirst("(\"image_mean\"\\s*:\\s*\\[\\s*)[0-9.]+", "$10.123");
    assertNotEquals(read, changed);
    Files.writeString(settings, changed);
    Ran ran = plan("--teacher", other, "--method", "fine-tune,at");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("the same tensors go to both"), ran.err());
    assertTrue(ran.err().contains("0.123"), ran.err());
  }

  @Test
  void whatIsMissingIsSaidWithTheNextStep() {
    Ran unknown =
        Ran.graft(
            "distill",
            "--teacher",
            Ran.demo("glyphs-base"),
            "--student",
            "resnet9000",
            "--data",
            Ran.demo("glyphs-target"),
            "--out",
            temp.resolve("run"));
    assertEquals(1, unknown.code());
    assertTrue(unknown.err().contains("resnet20"), unknown.err());
    Ran alone = plan("--method", "fine-tune,kd");
    assertEquals(1, alone.code());
    assertTrue(alone.err().contains("method 'kd'"), alone.err());
    assertTrue(alone.err().contains("--teacher"), alone.err());
    Ran others = plan("--teacher", Ran.demo("glyphs-base"), "--method", "fine-tune,at");
    assertEquals(0, others.code(), others.err());
    assertTrue(others.out().contains("layer3"), others.out());
    Ran classes = plan("--teacher", Ran.demo("glyphs-base"), "--method", "fine-tune,kd");
    assertEquals(1, classes.code());
    assertTrue(classes.err().contains("adapt the teacher"), classes.err());
  }
}
