package dev.graft.adapters.lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ranks that are left when training ends. */
class AdaLoraRanksTest {

  @TempDir Path temp;

  @Test
  void allLayersTogetherKeepTheTarget() {
    Settings settings =
        Settings.of("target_rank", 2).with("interval", 1).with("epochs", 6).with("batch_size", 8);
    TinyTransfer transfer = TinyTransfer.pictures().withoutValidation();
    Plan plan = transfer.plan(4, List.of(new AdaLora()), List.of(settings));
    Registry registry = Registry.load(getClass().getClassLoader());
    try (Trainer trainer = new Trainer(transfer.job(plan, temp, registry));
        Scope scope = Scope.open()) {
      double before = ranks(trainer);
      assertTrue(trainer.run().completed());
      // Three layers of rank 6, 8 and 8 at the start, 2 on average at the end.
      assertEquals(22, before);
      assertEquals(6, ranks(trainer));
    }
  }

  private static double ranks(Trainer trainer) {
    return trainer.model().buffers().entrySet().stream()
        .filter(buffer -> buffer.getKey().contains("rank_mask"))
        .map(buffer -> buffer.getValue().sum())
        .mapToDouble(Tensor::item)
        .sum();
  }
}
