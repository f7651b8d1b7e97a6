package dev.graft.alignment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Stream;
import dev.graft.plan.Update;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Planner;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the methods make of a plan, and what they refuse. */
class AlignmentPlansTest {

  private static Plan plan(
      String methods, TinyTransfer transfer, String augmentation, Set<String> data) {
    Registry registry = Registry.load(AlignmentPlansTest.class.getClassLoader());
    try (Model model = transfer.base().pretrained()) {
      model.replaceHead(transfer.task().head(model.featureCount()));
      String strong = augmentation.equals("none") ? "none" : "strong";
      Subject subject =
          new Subject(model, false, transfer.task(), 100, augmentation, strong, data, Map.of());
      return Planner.plan(Planner.parse(methods), 3, subject, registry);
    }
  }

  private static Plan plan(String methods) {
    return plan(methods, TinyTransfer.pictures(), "weak", Set.of("unlabelled"));
  }

  private static String refusal(String methods, Set<String> data) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> plan(methods, TinyTransfer.pictures(), "none", data))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dann",
        "cdan",
        "dan",
        "jan",
        "coral",
        "mcc",
        "mdd",
        "mcd",
        "pseudo-label",
        "fixmatch",
        "uda"
      })
  void withoutUnlabelledExamplesAMethodIsRefusedWithWhatToDo(String method) {
    String message = refusal("fine-tune," + method, Set.of());
    assertTrue(message.contains("'" + method + "'"), message);
    assertTrue(message.contains("'fine-tune'") && message.contains("--unlabelled"), message);
  }

  @Test
  void frozenFeaturesCannotBeAligned() {
    String message = refusal("linear-probe:solver=gradient,dann", Set.of("unlabelled"));
    assertTrue(message.contains("never changes") && message.contains("'linear-probe'"), message);
    assertEquals(2, plan("linear-probe:solver=gradient,mcc").phases().get(0).streams().size());
  }

  @Test
  void twoViewsNeedARandomPath() {
    assertTrue(
        refusal("fine-tune,fixmatch", Set.of("unlabelled")).contains("two views are the same"));
  }

  @Test
  void aTaskWithoutClassesCanOnlyAlignFeatures() {
    Set<String> data = Set.of("unlabelled");
    assertEquals(1, plan("fine-tune,coral", TinyTransfer.rows(), "none", data).phases().size());
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> plan("fine-tune,mcc", TinyTransfer.rows(), "none", data))
            .getMessage()
            .contains("does not choose a class"));
  }

  @Test
  void methodsShareTheStreamOfUnlabelledExamples() {
    for (String both : List.of("fine-tune,dann,fixmatch", "fine-tune,fixmatch,uda,dann")) {
      List<Stream> streams = plan(both).phases().get(0).streams();
      assertEquals(2, streams.size());
      assertEquals(List.of("weak", "strong"), streams.get(1).views());
    }
  }

  @Test
  void theStrongViewCanBeChosen() {
    Stream stream =
        plan("fine-tune:augmentation=mild,uda:strong=wild").phases().get(0).streams().get(1);
    assertEquals(List.of("mild", "wild"), stream.views());
  }

  @Test
  void mcdMakesThreeKindsOfUpdatesAndCountsEveryOtherTermWithTheLabels() {
    Phase phase = plan("fine-tune,mcc,mcd:repeat=2,coral").phases().get(0);
    List<Update> updates = phase.updates();
    assertEquals(List.of("all", "heads", "backbone"), updates.stream().map(Update::name).toList());
    assertEquals(Set.of("task", "mcc", "mcd-twin", "coral"), updates.get(0).weights().keySet());
    assertEquals(-1, updates.get(1).weights().get("mcd"));
    assertEquals(Map.of("mcd", 1.0), updates.get(2).weights());
    assertEquals(2, updates.get(2).repeat());
    assertEquals(List.of("head"), updates.get(1).groups());
    String message =
        assertThrows(IllegalArgumentException.class, () -> plan("lp-ft,mcd")).getMessage();
    assertTrue(message.contains("'lp-ft'") && message.contains("two"), message);
  }

  @Test
  void jointTrainingNeedsASource() {
    assertTrue(refusal("fine-tune,joint-training", Set.of()).contains("--source"));
    Phase phase =
        plan("fine-tune,joint-training", TinyTransfer.pictures(), "weak", Set.of("source"))
            .phases()
            .get(0);
    assertEquals("source", phase.streams().get(1).data());
  }
}
