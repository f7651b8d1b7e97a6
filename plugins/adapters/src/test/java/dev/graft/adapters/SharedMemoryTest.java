package dev.graft.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.adapters.lowrank.Lora;
import dev.graft.bundle.Bundle;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.infer.SharedBase;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.tensor.NativeMemory;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedMemoryTest {

  private static final int ADAPTERS = 100;

  @TempDir Path temp;

  @Test
  void manyAdaptersTakeTheirOwnSizeAndOneBase() throws Exception {
    Registry registry = Registry.load(getClass().getClassLoader());
    TinyTransfer transfer = TinyTransfer.pictures();
    Settings settings = Settings.NONE.with("rank", 1).checked("lora", new Lora().settings());
    Plan plan = transfer.plan(1, List.of(new Lora()), List.of(settings));
    Bundle bundle;
    try (Trainer trainer = new Trainer(transfer.job(plan, temp.resolve("run"), registry))) {
      assertTrue(trainer.run().completed());
      bundle = transfer.changes(temp.resolve("changes"), plan, trainer.model());
    }
    long own = bundle.stored().names().stream().mapToLong(name -> tensorBytes(bundle, name)).sum();
    long start = NativeMemory.usage().live();
    List<Predictor> predictors = new ArrayList<>();
    try (SharedBase base =
        new SharedBase(
            TinyTransfer.BASE,
            transfer.base().pretrained(),
            registry,
            PredictorOptions.defaults())) {
      long one = NativeMemory.usage().live() - start;
      assertTrue(own < one, "everything has changed");
      for (int i = 0; i < ADAPTERS; i++) {
        predictors.add(base.open(bundle));
      }
      long all = NativeMemory.usage().live() - start;
      assertTrue(
          all <= one + 1.2 * ADAPTERS * own,
          () -> "%d bytes for a base of %d and %d times %d".formatted(all, one, ADAPTERS, own));
    } finally {
      predictors.forEach(Predictor::close);
    }
    assertEquals(start, NativeMemory.usage().live());
  }

  private static long tensorBytes(Bundle bundle, String name) {
    try {
      var tensor = bundle.stored().get(name);
      return tensor.count() * tensor.dtype().bytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
