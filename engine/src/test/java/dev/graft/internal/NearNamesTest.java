package dev.graft.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {

  @Test
  void distanceCountsInsertedDeletedAndReplacedLetters() {
    assertEquals(0, NearNames.distance("layer", "layer"));
    assertEquals(3, NearNames.distance("kitten", "sitting"));
    assertEquals(5, NearNames.distance("", "layer"));
  }

  @Test
  void theNearestComeFirst() {
    assertEquals(
        List.of("fc.weight", "fc.bias"),
        NearNames.of("fc.wieght", List.of("layer1.conv", "fc.bias", "fc.weight"), 2));
  }
}
