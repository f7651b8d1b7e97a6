package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.report.EpochRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

  private static final List<TrainEvent> ALL =
      List.of(
          new TrainEvent.RunStarted(3, Map.of("threads", "2")),
          new TrainEvent.PhaseStarted("head", 1, 2, 40, 650, 4),
          new TrainEvent.FeaturesCached("training", 9, 36, true, "bfloat16", 0.01),
          new TrainEvent.Progress("head", 7, 40, Double.NaN, 1.5, 99),
          new TrainEvent.EpochEnded(
              new EpochRecord("head", 1, 7, Double.NaN, Map.of("loss", 0.5), 0.01, 2.5)),
          new TrainEvent.SnapshotSaved("01-7", 7),
          new TrainEvent.Note("an \"example\"\nwas skipped"),
          new TrainEvent.RunEnded(false, 7));

  @TempDir private Path folder;

  private static List<TrainEvent> read(Path file) throws IOException {
    List<TrainEvent> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(EventLog.parse(line));
    }
    return events;
  }

  private static void write(Path file, List<TrainEvent> events) throws IOException {
    try (EventLog log = new EventLog(file)) {
      events.forEach(log::on);
    }
  }

  @Test
  void everyEventIsReadAsItWasWritten() throws IOException {
    Path file = folder.resolve("run").resolve(EventLog.FILE);
    write(file, ALL);
    assertEquals(ALL, read(file));
    assertThrows(IOException.class, () -> EventLog.parse("{\"event\":\"Other\"}"));
    assertThrows(IOException.class, () -> EventLog.parse("{"));
  }

  @Test
  void aLineThatWasTornOffIsCutByWhoGoesOn() throws IOException {
    Path file = folder.resolve(EventLog.FILE);
    write(file, ALL.subList(0, 2));
    String whole = Files.readString(file);
    for (String torn : List.of("{", "{\"event\":\"Note\",\"te", "")) {
      Files.writeString(file, whole + torn);
      write(file, ALL.subList(2, 3));
      assertEquals(ALL.subList(0, 3), read(file));
    }
    Files.writeString(file, "{\"event\"");
    write(file, ALL.subList(0, 1));
    assertEquals(ALL.subList(0, 1), read(file));
  }
}
