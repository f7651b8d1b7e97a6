package dev.graft.testkit.tiny;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Dataset;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TinyDataTest {

  private static final List<Dataset> ALL =
      List.of(new TinyImages(60, 1), new TinyTable(60, 1, true), new TinyTable(60, 1, false));

  @Test
  void theSameSeedGivesTheSameExamples() throws IOException {
    assertEquals(new TinyImages(9, 4).load(7), new TinyImages(9, 4).load(7));
    assertNotEquals(new TinyImages(9, 4).load(7).values(), new TinyImages(9, 5).load(7).values());
    for (Dataset data : ALL) {
      assertNotEquals(data.load(3).values(), data.load(4).values());
    }
  }

  @Test
  void classesAreBalancedEnough() {
    for (Dataset data : ALL.subList(0, 2)) {
      int classes = data.classes().size();
      int[] counts = new int[classes];
      for (int i = 0; i < data.size(); i++) {
        counts[(int) data.target(i)]++;
      }
      for (int count : counts) {
        assertTrue(count >= data.size() / (2 * classes), data + " has a class of " + count);
      }
    }
  }

  @Test
  void targetsAreNumbersOrClasses() {
    assertEquals(List.of(), ALL.get(2).classes());
    double number = ALL.get(2).target(5);
    assertTrue(number != Math.rint(number));
    assertEquals(number > 0 ? 1 : 0, ALL.get(1).target(5));
  }
}
