package dev.graft.multitask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Planner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the weightings make of a plan, and what they refuse. */
class WeightingPlansTest {

  private static Plan plan(String methods, TinyTransfer transfer) {
    Registry registry = Registry.load(WeightingPlansTest.class.getClassLoader());
    try (Model model = transfer.base().pretrained()) {
      model.replaceHead(transfer.task().head(model.featureCount()));
      Subject subject =
          new Subject(
              model,
              false,
              transfer.task(),
              100,
              "noise",
              "noise",
              transfer.data().others().keySet(),
              transfer.data().sameExamples(),
              Map.of());
      return Planner.plan(Planner.parse(methods), 3, subject, registry);
    }
  }

  private static String refusal(String methods, TinyTransfer transfer) {
    return assertThrows(IllegalArgumentException.class, () -> plan(methods, transfer)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"equal", "uncertainty", "gradnorm", "dwa", "pcgrad", "mgda", "cagrad:c=0.2"})
  void everyTaskHasATermAndAStreamOnlyWhereItHasExamplesOfItsOwn(String method) {
    Phase phase = plan("fine-tune," + method, TwoMore.pictures()).phases().get(0);
    assertEquals(
        List.of("training", "others.training"),
        phase.streams().stream().map(Stream::data).toList());
    assertEquals(
        List.of("task", "other-task", "other-task"),
        phase.terms().stream().map(TermSpec::id).toList());
    assertEquals(
        List.of("coarse", "others"),
        phase.terms().stream().skip(1).map(term -> term.settings().text("task")).toList());
    assertTrue(phase.regime().joint());
    String rule = method.equals("equal") ? "sum" : method.replaceAll(":.*", "");
    assertEquals(rule, phase.combine().id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"equal", "pcgrad"})
  void oneTaskCannotBeWeighed(String method) {
    String message = refusal("fine-tune," + method, TinyTransfer.pictures());
    assertTrue(message.contains("'" + method + "'") && message.contains("--task"), message);
  }

  @Test
  void twoWeightingsAreRefusedWithBothNames() {
    for (String both : List.of("fine-tune,pcgrad,mgda", "fine-tune,equal,mgda")) {
      String message = refusal(both, TwoMore.pictures());
      assertTrue(message.contains("'mgda'") && message.contains("choose one"), message);
    }
  }

  @Test
  void gradientsOfFrozenFeaturesCannotBeWeighed() {
    String message = refusal("linear-probe:solver=gradient,cagrad", TwoMore.pictures());
    assertTrue(message.contains("'cagrad'") && message.contains("'linear-probe'"), message);
    assertEquals(
        3,
        plan("linear-probe:solver=gradient,equal", TwoMore.pictures())
            .phases()
            .get(0)
            .terms()
            .size());
  }

  @Test
  void aSolvedHeadIsRefused() {
    String message = refusal("linear-probe,equal", TwoMore.pictures());
    assertTrue(message.contains("solves a single linear head"), message);
  }

  @Test
  void aPlanThatForgetsATaskIsRefused() {
    String message = refusal("fine-tune", TwoMore.pictures());
    assertTrue(message.contains("[coarse, others]") && message.contains("equal"), message);
  }
}
