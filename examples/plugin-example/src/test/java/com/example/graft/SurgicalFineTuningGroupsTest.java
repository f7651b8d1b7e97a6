package com.example.graft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.testkit.tiny.TinyTransfer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract cannot know: which group is chosen. */
final class SurgicalFineTuningGroupsTest {

  private static Plan plan(String group) {
    return TinyTransfer.pictures()
        .plan(1, List.of(new SurgicalFineTuning()), List.of(Settings.of("group", group)));
  }

  @Test
  void trainsTheNamedGroupAndTheHead() {
    assertEquals(List.of("body", "head"), plan("body").phases().get(0).selectors().get(0).groups());
    assertEquals(List.of("stem", "head"), plan("").phases().get(0).selectors().get(0).groups());
  }

  @Test
  void anUnknownGroupIsRefusedWithTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> plan("layer9")).getMessage();
    assertTrue(message.contains("layer9") && message.contains("neck"), message);
  }
}
