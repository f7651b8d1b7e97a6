package dev.graft.examples.heart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.registry.Registry;
import dev.graft.testkit.SharedFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeartTransferTest {

  private static final Registry REGISTRY = Registry.load(HeartTransfer.class.getClassLoader());

  @TempDir private Path temp;

  private static Path data() {
    return SharedFolder.require("data/heart-disease-sites");
  }

  @Test
  void labelledRowsAreStratifiedAndApartFromTheOthers() throws IOException {
    Hospital hospital = Hospital.open(data(), "switzerland", REGISTRY);
    for (int seed = 0; seed < 5; seed++) {
      int[] labelled = hospital.labelled(50, 2, seed);
      int[] others = hospital.others(labelled);
      assertEquals(50, Arrays.stream(labelled).distinct().count());
      assertEquals(hospital.patients().size() - 50, others.length);
      assertTrue(
          Arrays.stream(others).noneMatch(o -> Arrays.stream(labelled).anyMatch(l -> l == o)));
      double ill = Arrays.stream(labelled).mapToDouble(hospital.patients()::target).sum();
      assertEquals(47, ill, "115 of 123 are ill");
    }
    int[] few = hospital.labelled(20, 2, 1);
    assertEquals(18, Arrays.stream(few).mapToDouble(hospital.patients()::target).sum());
  }

  /** One seed on one hospital; all of them with {@code -Dgraft.heart.seeds=10}. */
  @Test
  void transferIsComparedWithStartingFromScratch() throws IOException {
    int seeds = Integer.getInteger("graft.heart.seeds", 0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    if (seeds > 0) {
      HeartTransfer.main(new String[] {data().toString(), temp.toString(), String.valueOf(seeds)});
      return;
    }
    new HeartTransfer(data(), temp, REGISTRY, out).run(List.of("hungarian"), List.of(20), 1);
    String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\n");
    assertEquals(3, lines.length);
    String[] cells = lines[2].split(" \\| ");
    assertEquals(List.of("hungarian", "20", "274"), List.of(cells).subList(0, 3));
    for (String cell : List.of(cells[3], cells[4], cells[5])) {
      double area = Double.parseDouble(cell.split(" ")[0]);
      assertTrue(area > 0.5 && area <= 1, "worse than guessing: " + lines[2]);
    }
  }
}
