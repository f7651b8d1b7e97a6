package dev.graft.train.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.registry.Registry;
import dev.graft.spi.Sampler;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplersTest {

  private static int[] order(String id, double[] targets, long seed) {
    return Registry.load(SamplersTest.class.getClassLoader())
        .get(Sampler.class, id)
        .order(targets, Settings.NONE, new Random(seed));
  }

  @Test
  void shuffleIsAPermutationThatFollowsTheSeed() {
    double[] targets = new double[50];
    int[] order = order(Stream.SHUFFLE.id(), targets, 1);
    assertArrayEquals(IntStream.range(0, 50).toArray(), Arrays.stream(order).sorted().toArray());
    assertArrayEquals(order, order("shuffle", targets, 1));
    assertFalse(Arrays.equals(order, order("shuffle", targets, 2)));
  }

  @Test
  void balancedGivesASmallClassAsMuchAsALargeOne() {
    double[] targets = new double[40];
    Arrays.fill(targets, 0, 4, 1);
    int[] order = order("balanced", targets, 3);
    assertEquals(40, order.length);
    assertEquals(20, Arrays.stream(order).filter(i -> targets[i] == 1).count());
    for (int rare = 0; rare < 4; rare++) {
      int position = rare;
      assertEquals(5, Arrays.stream(order).filter(i -> i == position).count());
    }
    assertEquals(20, Arrays.stream(order).filter(i -> i >= 4).distinct().count());
  }
}
