package dev.graft.text.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ChoiceTest {

  private static final float[] LOGITS = {1, 4, 2, 3, 0};

  private static Set<Integer> drawn(Choice choice) {
    Random random = new Random(5);
    Set<Integer> seen = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      seen.add(choice.pick(LOGITS, random));
    }
    return seen;
  }

  @Test
  void temperatureZeroTakesTheLikeliest() {
    assertEquals(Set.of(1), drawn(Choice.GREEDY));
  }

  @Test
  void onlyTheLikeliestCount() {
    assertEquals(Set.of(0, 1, 2, 3, 4), drawn(new Choice(1, 0, 1)));
    assertEquals(Set.of(1, 3), drawn(new Choice(1, 2, 1)));
    // Probabilities 0.636, 0.234, 0.086, …: two of them reach 0.8.
    assertEquals(Set.of(1, 3), drawn(new Choice(1, 0, 0.8)));
    assertEquals(Set.of(1), drawn(new Choice(1, 0, 1e-6)));
  }
}
