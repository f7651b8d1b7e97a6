package dev.graft.server.jobs;

import dev.graft.train.EventLog;
import dev.graft.train.TrainEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Stands in for the command line in a process of its own: does at once, by the name of the method,
 * what a fit does in the end.
 *
 * <ul>
 *   <li>{@code ok} writes two events, and as its bundle what lies in the data set under the name of
 *       the base;
 *   <li>{@code slow} writes an event, waits for the file {@code go} in the data set, then does the
 *       same;
 *   <li>{@code crash} ends without a word, {@code crash-once} the first time;
 *   <li>everything else is refused.
 * </ul>
 */
public final class FakeGraft {

  private static final int REFUSED = 1;
  private static final int KILLED = 137;

  private FakeGraft() {}

  /** What runs it. */
  public static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        FakeGraft.class.getName());
  }

  public static void main(String[] args) throws IOException {
    if (args[0].equals("plan")) {
      plan(args);
    } else {
      fit(args);
    }
  }

  private static String value(String[] args, String option) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith(option + "="))
        .map(arg -> arg.substring(option.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  private static void plan(String[] args) {
    if (value(args, "--method").equals("slow")) {
      LockSupport.park();
    }
    refuseUnknown(args);
    System.out.println(
        "{\"plan\":\"%s, validation share %s\"}"
            .formatted(value(args, "--method"), value(args, "--validation-share")));
  }

  private static void refuseUnknown(String[] args) {
    String method = value(args, "--method");
    if (!List.of("ok", "slow", "crash", "crash-once", "linear-probe").contains(method)) {
      System.err.println("graft: no method '" + method + "' for " + value(args, "--base"));
      System.exit(REFUSED);
    }
  }

  private static void fit(String[] args) throws IOException {
    refuseUnknown(args);
    Path run = Files.createDirectories(Path.of(value(args, "--out")));
    Path data = Path.of(value(args, "--data"));
    String method = value(args, "--method");
    boolean again = Files.exists(run.resolve(EventLog.FILE));
    try (EventLog log = new EventLog(run.resolve(EventLog.FILE))) {
      log.on(new TrainEvent.RunStarted(again ? 1 : 0, Map.of("threads", "1")));
      if (method.equals("crash") || (method.equals("crash-once") && !again)) {
        Runtime.getRuntime().halt(KILLED);
      }
      while (method.equals("slow") && !Files.exists(data.resolve("go"))) {
        if (!Files.isDirectory(data)) {
          return; // the test is over
        }
        LockSupport.parkNanos(20_000_000);
      }
      log.on(new TrainEvent.RunEnded(true, 7));
    }
    copy(data.resolve(Path.of(value(args, "--base")).getFileName()), run.resolve("bundle"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
