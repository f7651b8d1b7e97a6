package dev.graft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.TargetKind;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.DataSource;
import dev.graft.spi.Modality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source of data promises. */
public abstract class DataSourceContract extends PluginContract<DataSource> {

  private static final int THREADS = 4;

  @TempDir private Path temp;

  /** The source, as the services file makes it. */
  protected abstract DataSource source();

  @Override
  final DataSource plugin() {
    return source();
  }

  /**
   * Writes a small sample of the form this source reads, at least four examples.
   *
   * @param folder an empty folder
   * @return the path to open: the folder, or a file in it
   */
  protected abstract Path sample(Path folder) throws IOException;

  /** Settings to open the sample with. */
  protected Settings settings() {
    return Settings.NONE;
  }

  private DataParts open() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("sample"));
    return source().open(sample(folder), settings());
  }

  @Test
  void saysWhatItIs() throws IOException {
    Registry registry = Registry.load(getClass().getClassLoader());
    Abouts.check(DataSource.class, source(), registry);
    assertEquals(open().modality(), registry.get(Modality.class, open().modality()).about().id());
  }

  @Test
  void recognisesItsOwnFormOnly() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("sample"));
    assertTrue(source().recognises(sample(folder)));
    assertFalse(source().recognises(temp.resolve("absent")));
    assertFalse(source().recognises(Files.createDirectory(temp.resolve("empty"))));
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.write(other.resolve("notes.bin"), new byte[] {1, 2, 3});
    assertFalse(source().recognises(other));
    assertFalse(source().recognises(other.resolve("notes.bin")));
  }

  @Test
  void refusesWhatItCannotOpen() throws IOException {
    for (Path path :
        List.of(temp.resolve("absent"), Files.createDirectory(temp.resolve("empty")))) {
      String message =
          assertThrows(IOException.class, () -> source().open(path, settings())).getMessage();
      assertTrue(message.contains(path.getFileName().toString()), message);
    }
  }

  @Test
  void refusesUnknownSettings() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("sample"));
    Path sample = sample(folder);
    Settings unknown = settings().with("no_such_setting", 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> source().open(sample, unknown))
            .getMessage();
    assertTrue(message.contains("no_such_setting"), message);
  }

  @Test
  void idsAreUniqueAndTargetsAreValid() throws IOException {
    Dataset data = open().training();
    assertTrue(data.size() >= 4, "the sample has at least four examples");
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < data.size(); i++) {
      assertTrue(ids.add(data.id(i)), "two examples named " + data.id(i));
      checkTarget(data, data.targetRow(i));
    }
  }

  private static void checkTarget(Dataset data, double[] row) {
    int classes = data.classes().size();
    int length =
        switch (data.targetKind()) {
          case CLASS, NUMBER -> 1;
          case LABELS -> classes;
          case NEXT_WORD, TEXT, MASKED_WORDS -> 0;
          case TAGS, ANSWERS -> row.length;
        };
    int values =
        switch (data.targetKind()) {
          case LABELS -> 2;
          case ANSWERS -> Integer.MAX_VALUE;
          default -> classes;
        };
    boolean whole = data.targetKind() != TargetKind.NUMBER;
    boolean valid =
        row.length == length
            && Arrays.stream(row).allMatch(Double::isFinite)
            && Arrays.stream(row).allMatch(v -> !whole || (v == Math.rint(v) && v >= 0))
            && Arrays.stream(row).allMatch(value -> !whole || value < values);
    assertTrue(
        valid,
        () ->
            "a target of %s, %s, with %d classes"
                .formatted(Arrays.toString(row), data.targetKind(), classes));
  }

  @Test
  void openingTwiceGivesTheSameOrder() throws IOException {
    Dataset one = open().training();
    Dataset two = open().training();
    assertEquals(one.size(), two.size());
    assertEquals(one.classes(), two.classes());
    for (int i = 0; i < one.size(); i++) {
      assertEquals(one.id(i), two.id(i));
      assertArrayEquals(one.targetRow(i), two.targetRow(i));
    }
  }

  @Test
  void loadingIsRepeatableOnAnyThread() throws Exception {
    Dataset data = open().training();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Example>> loads =
          java.util.stream.IntStream.range(0, THREADS * data.size())
              .mapToObj(i -> threads.submit(() -> data.load(i % data.size())))
              .toList();
      for (int i = 0; i < loads.size(); i++) {
        Example here = data.load(i % data.size());
        assertEquals(data.id(i % data.size()), here.id());
        assertFalse(here.values().isEmpty());
        assertEquals(here, loads.get(i).get());
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
