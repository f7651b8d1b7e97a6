package dev.graft.testkit.golden;

import dev.graft.testkit.SharedFolder;
import dev.graft.testkit.golden.GoldenOutcome.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was checked in this run: one file a family, one tab-separated line a check.
 *
 * <p>Several modules may check parts of one family, each in a JVM of its own; the lines are
 * appended under a file lock. The first line names the run; a file that an earlier run left is
 * begun anew.
 */
public final class GoldenLedger {

  private final Path folder;
  private final String header;
  private final PrintStream out;

  GoldenLedger(Path folder, String run, PrintStream out) {
    this.folder = folder;
    this.header = "# run " + run;
    this.out = out;
  }

  /**
   * The ledger of this run, below the root's {@code target/golden}. Maven names the run by its
   * start ({@code graft.run}); outside Maven each JVM is a run.
   */
  public static GoldenLedger ofThisRun() {
    String run = System.getProperty("graft.run", "process " + ProcessHandle.current().pid());
    return new GoldenLedger(SharedFolder.root().resolve("target/golden"), run, System.out);
  }

  /** Appends one line: file, status, detail. */
  void record(String family, String file, GoldenOutcome outcome) {
    String detail = outcome.detail().replaceAll("\\s+", " ");
    String line = String.join("\t", file, outcome.status().words(), detail) + "\n";
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
              FileChannel.open(
                  path(family),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        String content =
            new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        if (!isOfThisRun(content)) {
          channel.truncate(0);
          line = header + "\n" + line;
        }
        channel.position(channel.size());
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path(family), e);
    }
  }

  /** File name to outcome, as recorded so far in this run; empty if nothing was. */
  public Map<String, GoldenOutcome> read(String family) {
    Map<String, GoldenOutcome> outcomes = new TreeMap<>();
    for (String line : content(family).lines().skip(1).toList()) {
      String[] fields = line.split("\t", 3);
      for (Status status : Status.values()) {
        if (fields.length == 3 && status.words().equals(fields[1])) {
          outcomes.merge(
              fields[0],
              new GoldenOutcome(status, fields[2]),
              (a, b) -> a.status().compareTo(b.status()) > 0 ? a : b);
        }
      }
    }
    return outcomes;
  }

  /** For example {@code golden checkpoints: 11 passed, 0 failed, 0 not built}. */
  public String summary(String family) {
    Map<String, GoldenOutcome> outcomes = read(family);
    return "golden %s: %d passed, %d failed, %d not built"
        .formatted(
            family,
            count(outcomes, Status.PASSED),
            count(outcomes, Status.FAILED),
            count(outcomes, Status.NOT_BUILT));
  }

  /** Prints the summary on standard output, which Maven passes on under {@code -q} too. */
  void print(String family) {
    out.println(summary(family));
  }

  private String content(String family) {
    try {
      String content = Files.exists(path(family)) ? Files.readString(path(family)) : "";
      return isOfThisRun(content) ? content : "";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path(family), e);
    }
  }

  private boolean isOfThisRun(String content) {
    return content.startsWith(header + "\n");
  }

  private Path path(String family) {
    return folder.resolve(family + ".tsv");
  }

  private static long count(Map<String, GoldenOutcome> outcomes, Status status) {
    return outcomes.values().stream().filter(outcome -> outcome.status() == status).count();
  }
}
