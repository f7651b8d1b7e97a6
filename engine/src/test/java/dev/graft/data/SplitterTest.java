package dev.graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.train.TinyJobs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in which part: nothing in two, of each class its share. */
class SplitterTest {

  private static final int CLASSES = 3;

  /** A hundred examples of each class. */
  private static final Dataset IMAGES = new TinyJobs.Images(100 * CLASSES, 1);

  private static DataParts parts(Dataset validation, Dataset test) {
    return new DataParts(
        "tiny", IMAGES, Optional.ofNullable(validation), Optional.ofNullable(test));
  }

  private static List<String> ids(Dataset data) {
    return IntStream.range(0, data.size()).mapToObj(data::id).toList();
  }

  private static int[] perClass(Dataset data) {
    int[] counts = new int[CLASSES];
    for (int i = 0; i < data.size(); i++) {
      counts[(int) data.target(i)]++;
    }
    return counts;
  }

  private static void assertPerClass(int count, Dataset data) {
    int[] expected = new int[CLASSES];
    Arrays.fill(expected, count);
    assertEquals(Arrays.toString(expected), Arrays.toString(perClass(data)));
  }

  @Test
  void eachExampleIsInOnePartAndEachClassGivesItsShare() {
    Split split = Splitter.of(7, 0, 0.2).split(parts(null, null));
    assertPerClass(20, split.test());
    assertPerClass(16, split.validation());
    assertPerClass(64, split.training());
    List<String> all = new ArrayList<>();
    for (Dataset part : List.of(split.training(), split.validation(), split.test())) {
      all.addAll(ids(part));
    }
    assertEquals(IMAGES.size(), all.size());
    assertEquals(new TreeSet<>(ids(IMAGES)), new TreeSet<>(all));
  }

  @Test
  void theSameSeedGivesTheSameParts() {
    Split split = Splitter.of(7, 10, 0.2).split(parts(null, null));
    assertEquals(
        ids(split.training()), ids(Splitter.of(7, 10, 0.2).split(parts(null, null)).training()));
    assertNotEquals(
        ids(split.training()), ids(Splitter.of(8, 10, 0.2).split(parts(null, null)).training()));
  }

  @Test
  void withoutAShareAllLabelsAreTrainedOn() {
    Split few = Splitter.of(7, 10, 0).split(parts(null, null));
    assertPerClass(10, few.training());
    assertEquals(0, few.validation().size());
    Dataset test = new TinyJobs.Images(6, 2);
    Split all = Splitter.of(7, 0, 0).split(parts(null, test));
    assertEquals(ids(IMAGES), ids(all.training()));
    assertSame(test, all.test());
  }

  @Test
  void aShareIsOfTheLabelsThatMayBeUsed() {
    Split split = Splitter.of(7, 10, 0.5).split(parts(null, null));
    assertPerClass(5, split.training());
    assertPerClass(5, split.validation());
    Split least = Splitter.of(7, 2, 0.2).split(parts(null, null));
    assertPerClass(1, least.training());
    assertPerClass(1, least.validation());
  }

  @Test
  void thePartsOfTheSourceStay() {
    Dataset validation = new TinyJobs.Images(60, 2);
    Split split = Splitter.of(7, 0, 0).split(parts(validation, null));
    assertSame(validation, split.validation());
    Split few = Splitter.of(7, 10, 0.2).split(parts(validation, null));
    assertPerClass(10, few.training());
    assertPerClass(2, few.validation());
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0, -0.1", "0, NaN", "-1, 0.2"})
  void whatIsNoShareOrNoNumberOfExamplesIsRefused(int perClass, double share) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Splitter.of(7, perClass, share))
            .getMessage();
    assertTrue(message.contains("share " + share) && message.contains("below 1"), message);
  }
}
