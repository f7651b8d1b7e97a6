package dev.graft.regularization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.registry.Registry;
import dev.graft.tensor.Scope;
import dev.graft.testkit.tiny.TinyFineTune;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How methods that keep a network close to its source look at the source, inside a run. */
class SourceModelTest {

  @TempDir Path temp;

  private void assertSeen(String what) {
    long live = Scope.liveTensors();
    TinyTransfer transfer = TinyTransfer.pictures();
    Plan plan =
        transfer
            .plan(7, List.of(new TinyFineTune()), List.of(Settings.NONE))
            .mapPhases(
                phase -> phase.plusTerm(new TermSpec("watching", Settings.of("what", what), 1, 0)));
    Registry registry = Registry.load(getClass().getClassLoader());
    try (Trainer trainer = new Trainer(transfer.job(plan, temp, registry))) {
      assertEquals(
          Watching.SEEN, assertThrows(IllegalStateException.class, trainer::run).getMessage());
    }
    assertEquals(live, Scope.liveTensors(), "tensors that nobody closed");
  }

  /** Trap 10: other preprocessing for the source pass. */
  @Test
  void theSameBatchGivesTheSameMapsBeforeAnythingMoved() {
    assertSeen("equal maps");
  }

  /** Trap 10: buffers in the reference. */
  @Test
  void movedStatisticsAreNoDistance() {
    assertSeen("parameters only");
  }

  /** Trap 11: a source pass with gradients, or in training mode. */
  @Test
  void theSourceIsAskedWithoutGradientsAndGivesTheSameTwice() {
    assertSeen("source pass");
  }
}
