package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.HostTensor;
import dev.graft.weights.WeightFormatException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rule that finds the state dict in what a training program saved. */
class CheckpointTest {

  private static final StoredTensor TENSOR = StoredTensor.of(HostTensor.scalar(1f));
  private static final Map<String, Object> A = Map.of("a", TENSOR);
  private static final Map<String, Object> B = Map.of("b", TENSOR);

  @Test
  void theRootItself() {
    assertEquals(List.of("a"), names(A));
    assertEquals(List.of("a"), names(Map.of("a", TENSOR, "steps", 3L)));
  }

  @Test
  void theUsualKeysInTheirOrder() {
    assertEquals(List.of("a"), names(Map.of("epoch", 3L, "model", B, "state_dict", A)));
    assertEquals(List.of("b"), names(Map.of("other", A, "model", B)));
    assertEquals(List.of("a"), names(Map.of("model", Map.of("state_dict", A), "net", B)));
  }

  @Test
  void theOnlyOneUnderAnUnusualKey() {
    assertEquals(List.of("a"), names(Map.of("student", A, "epoch", 3L)));
  }

  @Test
  void severalUnderUnusualKeysMustBeNamed() {
    Checkpoint checkpoint = new Checkpoint(Map.of("student", A, "teacher", B));
    WeightFormatException e = assertThrows(WeightFormatException.class, checkpoint::weights);
    assertEquals(Reason.NO_STATE_DICT, e.reason());
    assertTrue(e.getMessage().contains("teacher"), e.getMessage());
    assertEquals(List.of("b"), List.copyOf(checkpoint.weights(List.of("teacher")).names()));
  }

  @Test
  void aKeyThatIsNotThere() {
    Checkpoint checkpoint = new Checkpoint(Map.of("student", A));
    for (List<String> keys : List.of(List.of("teacher"), List.of("student", "a", "b"))) {
      WeightFormatException e =
          assertThrows(WeightFormatException.class, () -> checkpoint.weights(keys));
      assertEquals(Reason.NO_STATE_DICT, e.reason());
    }
  }

  @Test
  void nothingToFind() {
    for (Object root : new Object[] {List.of(TENSOR), 3L, Map.of(), Map.of(1L, TENSOR)}) {
      WeightFormatException e =
          assertThrows(WeightFormatException.class, () -> new Checkpoint(root).weights());
      assertEquals(Reason.NO_STATE_DICT, e.reason());
    }
  }

  private static List<String> names(Map<String, Object> root) {
    return List.copyOf(new Checkpoint(root).weights().names());
  }
}
