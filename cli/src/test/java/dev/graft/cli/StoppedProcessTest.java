package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is asked to end by a signal, as Ctrl-C does. */
class StoppedProcessTest {

  private static final String METHOD = "linear-probe:solver=gradient:epochs=150";

  @TempDir private Path temp;

  private static Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.graft.cli.Main"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Reads what a process says to its end, and ends it once it says {@code signal}. */
  private static String heard(Process process, String signal) throws IOException {
    StringBuilder all = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.append(line).append('\n');
        if (!signal.isEmpty() && line.contains(signal)) {
          // SIGTERM: the way of Ctrl-C, which a process started in the background may not hear.
          assertTrue(process.toHandle().destroy());
        }
      }
    }
    return all.toString();
  }

  @Test
  void aSignalEndsARunWithASnapshotThatResumeGoesOnFrom() throws Exception {
    Path run = temp.resolve("run");
    String base = Ran.demo("glyphs-base").toString();
    String data = Ran.demo("glyphs-target").toString();
    Process fit =
        start(
            "fit",
            "--base",
            base,
            "--data",
            data,
            "--k-per-class",
            "4",
            "--method",
            METHOD,
            "--out",
            run.toString());
    String said = heard(fit, "epoch 2:");
    assertEquals(Main.STOPPED, fit.waitFor(), said);
    assertTrue(said.contains("go on with: graft resume " + run), said);
    assertFalse(Files.exists(run.resolve("bundle")), said);
    try (Stream<Path> snapshots = Files.list(run.resolve("snapshots"))) {
      assertTrue(snapshots.findAny().isPresent(), said);
    }

    Process resume = start("resume", run.toString());
    String rest = heard(resume, "");
    assertEquals(0, resume.waitFor(), rest);
    assertTrue(rest.contains("going on after update "), rest);
    assertFalse(rest.contains("epoch 1:"), rest);
    assertTrue(Files.exists(run.resolve("bundle").resolve("graft.json")), rest);
  }
}
