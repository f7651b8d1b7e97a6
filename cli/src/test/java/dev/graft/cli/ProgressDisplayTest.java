package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.report.EpochRecord;
import dev.graft.train.TrainEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

  private static final String CLEAR = "\u001b[K";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final Locale usual = Locale.getDefault();
  private long nanos;

  @BeforeEach
  void aLocaleWithADecimalComma() {
    Locale.setDefault(Locale.GERMANY);
  }

  @AfterEach
  void usualLocale() {
    Locale.setDefault(usual);
  }

  private ProgressDisplay display(int columns) {
    return new ProgressDisplay(new Screen(err, columns, () -> nanos));
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static TrainEvent progress(long update) {
    return new TrainEvent.Progress("tune", update, 400, 1.25, 3, 640);
  }

  private static TrainEvent epoch(int number, double loss, Map<String, Double> validation) {
    return new TrainEvent.EpochEnded(
        new EpochRecord("tune", number, 10, loss, validation, 0.01, 2.04));
  }

  @Test
  void aTerminalGetsOneLineThatIsWrittenAnew() {
    try (ProgressDisplay display = display(90)) {
      display.on(epoch(1, 2, Map.of("loss", 1.5, "accuracy", 0.5)));
      display.on(progress(100));
      nanos += 10_000_000_000L;
      display.on(progress(200));
    }
    assertEquals(
        List.of(
            "tune epoch 1: training loss 2.0000, validation loss 1.5000, accuracy 0.5000 (2.0 s)\n",
            "tune [======                  ] 100/400, loss 1.2500, accuracy 0.5000, 640/s" + CLEAR,
            "tune [============            ] 200/400, loss 1.2500, accuracy 0.5000, 640/s, 0:20"
                + " left"
                + CLEAR,
            CLEAR),
        List.of(printed().split("\r")));
  }

  @Test
  void aNarrowTerminalIsNeverOverrun() {
    try (ProgressDisplay display = display(40)) {
      display.on(progress(100));
      nanos += 1_000_000_000L;
      display.on(progress(101));
    }
    for (String line : printed().split("\r")) {
      assertTrue(line.replace(CLEAR, "").length() < 40, line);
    }
  }

  @Test
  void elsewhereThereAreLinesPerEpochAndHalfMinute() {
    try (ProgressDisplay display = display(0)) {
      for (int i = 1; i <= 70; i++) {
        nanos += 1_000_000_000L;
        display.on(progress(i));
      }
      display.on(epoch(0, Double.NaN, Map.of("loss", 3.0)));
    }
    assertEquals(
        """
        tune 30/400, loss 1.2500, 640/s, 6:10 left
        tune 60/400, loss 1.2500, 640/s, 5:40 left
        tune epoch 0: validation loss 3.0000 (2.0 s)
        """,
        printed());
  }

  @Test
  void timeLeftCountsFromWhereThisProcessBegan() {
    try (ProgressDisplay display = display(0)) {
      display.on(progress(300));
      nanos += 50_000_000_000L;
      display.on(progress(350));
    }
    assertEquals("tune 350/400, loss 1.2500, 640/s, 0:50 left\n", printed());
  }

  @Test
  void featuresHaveNoLoss() {
    try (ProgressDisplay display = display(0)) {
      nanos += 60_000_000_000L;
      display.on(new TrainEvent.Progress("features", 1, 4, Double.NaN, Double.NaN, 12));
    }
    assertEquals("features 1/4, 12/s\n", printed());
  }

  @Test
  void durations() {
    assertEquals("0:00", Screen.duration(0.2));
    assertEquals("59:59", Screen.duration(3599.4));
    assertEquals("1:00:00", Screen.duration(3599.6));
  }
}
