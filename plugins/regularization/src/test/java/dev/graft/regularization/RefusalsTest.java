package dev.graft.regularization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.TermSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Planner;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What means nothing is refused with both names and the reason; what means something is not. */
class RefusalsTest {

  private static Plan plan(String methods, TinyTransfer transfer, Set<String> data) {
    Registry registry = Registry.load(RefusalsTest.class.getClassLoader());
    try (Model model = transfer.base().pretrained()) {
      model.replaceHead(transfer.task().head(model.featureCount()));
      Subject subject =
          new Subject(model, false, transfer.task(), 100, "noise", "noise", data, Map.of());
      return Planner.plan(Planner.parse(methods), 3, subject, registry);
    }
  }

  private static Plan plan(String methods) {
    return plan(methods, TinyTransfer.pictures(), Set.of());
  }

  @ParameterizedTest
  @CsvSource({
    "'linear-probe', l2-sp, head is solved",
    "'linear-probe:solver=gradient', l2-sp, nothing pretrained moves",
    "from-scratch, l2-sp, nothing pretrained moves",
    "'linear-probe:solver=gradient', bss, never changes",
    "'linear-probe:solver=gradient', delta, never changes",
    "from-scratch, delta, no pretrained feature maps",
    "from-scratch, lwf, nothing pretrained",
    "from-scratch, co-tuning, no pretrained head",
    "linear-probe, label-smoothing, head is solved",
    "linear-probe, stochnorm, no batch normalisation uses",
    "bitfit, stochnorm, no batch normalisation uses",
    "linear-probe, r-drop, head is solved",
    "fine-tune, 'r-drop,bi-tuning', several views already",
    "linear-probe, mixup, head is solved",
    "fine-tune, 'r-drop,mixup', several views already",
    "fine-tune, 'r-drop,cutmix', several views already"
  })
  void namesBothAndTheReason(String strategy, String additions, String reason) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> plan(strategy + "," + additions))
            .getMessage();
    assertTrue(message.contains(reason), message);
    assertTrue(message.contains("'" + strategy.replaceAll(":.*", "") + "'"), message);
    String refused = additions.substring(additions.indexOf(',') + 1);
    assertTrue(message.contains("'" + refused + "'"), message);
  }

  @Test
  void deltaBoundsGradientsWhereNothingScalesTheMaps() {
    String methods = "fine-tune:optimizer=sgd,delta";
    Plan scaled = plan(methods);
    Plan plain = plan(methods, TinyTransfer.rows(), Set.of());
    assertEquals(0, scaled.phases().get(1).regime().clipNorm());
    assertEquals(1, plain.phases().get(1).regime().clipNorm());
  }

  @Test
  void aTaskWithoutClassesIsRefused() {
    for (String method : List.of("label-smoothing", "r-drop", "co-tuning", "bi-tuning", "mixup")) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> plan("fine-tune," + method, TinyTransfer.rows(), Set.of()))
              .getMessage();
      assertTrue(message.contains("does not choose a class"), message);
    }
  }

  @Test
  void lpFtGetsTheTermOnlyWhereItMeansSomething() {
    List<Phase> phases = plan("lp-ft,l2-sp").phases();
    assertEquals(List.of("task"), ids(phases.get(0)));
    assertEquals(List.of("task", "l2-sp"), ids(phases.get(1)));
    assertEquals(2, plan("lp-ft,delta").phases().size());
    assertEquals(
        List.of("delta-probe", "fine-tune"),
        plan("fine-tune,delta").phases().stream().map(Phase::name).toList());
  }

  private static List<String> ids(Phase phase) {
    return phase.terms().stream().map(TermSpec::id).toList();
  }

  @Test
  void l2SpTakesThePlaceOfWeightDecay() {
    Phase phase = plan("fine-tune,l2-sp").phases().get(0);
    assertEquals(0, phase.optimizer().settings().number("weight_decay"));
    for (Selector selector : phase.selectors()) {
      assertTrue(Double.isNaN(selector.weightDecay()) || selector.weightDecay() == 0);
    }
  }

  @Test
  void penaltiesOnEveryDomainReadUnlabelledExamplesWhereThereAreSome() {
    assertEquals(1, plan("fine-tune,bsp").phases().get(0).streams().size());
    Set<String> data = Set.of("unlabelled");
    for (String method : List.of("bsp", "afn")) {
      Phase phase = plan("fine-tune," + method, TinyTransfer.pictures(), data).phases().get(0);
      assertEquals("unlabelled", phase.streams().get(1).data());
    }
    Phase both = plan("fine-tune,bsp,afn", TinyTransfer.pictures(), data).phases().get(0);
    assertEquals(2, both.streams().size());
    Phase bss = plan("fine-tune,bss", TinyTransfer.pictures(), data).phases().get(0);
    assertEquals(1, bss.streams().size());
  }
}
