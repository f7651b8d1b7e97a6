package dev.graft.adapters.lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Trainer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which parameters LoRA and LoRA+ train, and at which rate. */
class LoraPlansTest {

  @TempDir Path temp;

  private Map<String, Double> rates(TransferMethod method, Settings settings) {
    TinyTransfer transfer = TinyTransfer.pictures();
    Plan plan = transfer.plan(1, List.of(method), List.of(settings));
    Registry registry = Registry.load(getClass().getClassLoader());
    try (Model model = Trainer.build(transfer.job(plan, temp, registry))) {
      double rate = plan.phases().get(0).optimizer().settings().number("lr");
      Map<String, Double> rates = new LinkedHashMap<>();
      Selection.of(plan.phases().get(0), model)
          .trained()
          .forEach(each -> rates.put(each.parameter().name(), each.rate() * rate));
      return rates;
    }
  }

  @Test
  void loraTrainsAdaptersAndHeadAndNothingElse() {
    Map<String, Double> rates = rates(new Lora(), Settings.of("lr", 0.01));
    assertEquals(8, rates.size());
    assertEquals(0.01, rates.get("conv1.lora_A.default.weight"), 1e-12);
    assertEquals(0.001, rates.get("fc.weight"), 1e-12);
    assertTrue(rates.keySet().stream().allMatch(n -> n.contains("lora_") || n.startsWith("fc.")));
  }

  @Test
  void loraPlusTrainsTheSecondFactorFaster() {
    Map<String, Double> rates = rates(new LoraPlus(), Settings.of("lr", 0.01).with("ratio", 8));
    assertEquals(0.01, rates.get("neck.lora_A.default.weight"), 1e-12);
    assertEquals(0.08, rates.get("neck.lora_B.default.weight"), 1e-12);
  }
}
