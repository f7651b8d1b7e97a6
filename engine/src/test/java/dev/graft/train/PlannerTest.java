package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.TinyMethod;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.task.Classification;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannerTest {

  /** The strategy behind additions; in the engine's own tests no plugin brings it. */
  public static final class Everything extends TinyMethod {

    /** Makes the method. */
    public Everything() {
      super(
          "fine-tune",
          Role.STRATEGY,
          Setting.integer("epochs", 3, 1, 100, "epochs"),
          Setting.number("lr", 0.1, 0, 1, "learning rate"));
    }

    @Override
    public Plan contribute(Plan plan, Settings settings, Subject subject) {
      return plan.withPhases(
          List.of(everything(Choice.of("sgd").with("lr", settings.number("lr")))));
    }
  }

  /** A second strategy. */
  public static final class Nothing extends TinyMethod {

    /** Makes the method. */
    public Nothing() {
      super("nothing", Role.STRATEGY);
    }

    @Override
    public Plan contribute(Plan plan, Settings settings, Subject subject) {
      return plan;
    }
  }

  /** Clips gradients. */
  public static final class Clip extends TinyMethod {

    /** Makes the method. */
    public Clip() {
      super("clip", Role.ADDITION, Setting.number("norm", 1, 0, 10, "bound"));
    }

    @Override
    public Plan contribute(Plan plan, Settings settings, Subject subject) {
      return plan.mapPhases(p -> p.withRegime(p.regime().withClipNorm(settings.number("norm"))));
    }
  }

  private static Plan plan(String methods) {
    try (Model model = TinyJobs.model()) {
      Subject subject =
          new Subject(model, false, new Classification(TinyJobs.CLASSES), 100, "none");
      Registry registry = Registry.load(PlannerTest.class.getClassLoader());
      return Planner.plan(Planner.parse(methods), 7, subject, registry);
    }
  }

  private static String refusal(String methods) {
    return assertThrows(IllegalArgumentException.class, () -> plan(methods)).getMessage();
  }

  @Test
  void readsMethodsWithTheirSettings() {
    Choice first = Choice.of("fine-tune").with("lr", "0.01").with("epochs", "5");
    assertEquals(
        List.of(first, Choice.of("clip").with("norm", "2"), Choice.of("bss")),
        Planner.parse("fine-tune:lr=0.01,epochs=5, clip:norm=2,bss"));
    assertEquals(List.of(first), Planner.parse("fine-tune:lr=0.01:epochs=5"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Planner.parse("a:b")).getMessage();
    assertTrue(message.contains("'b' in 'a:b' is no setting"), message);
  }

  @Test
  void anAdditionAloneImpliesTheDefaultStrategy() {
    Plan plan = plan("clip:norm=2");
    assertEquals(List.of("fine-tune", "clip"), plan.methods().stream().map(Choice::id).toList());
    assertEquals(2, plan.phases().get(0).regime().clipNorm());
  }

  @Test
  void aPlanNamesEverySettingOfEverythingItUses() {
    Phase phase = plan("fine-tune:lr=0.2").phases().get(0);
    assertEquals(0.2, phase.optimizer().settings().number("lr"));
    assertEquals(0, phase.optimizer().settings().number("momentum"));
    assertEquals(0, phase.schedule().settings().number("warmup"));
    assertEquals(3, plan("clip").methods().get(0).settings().integer("epochs"));
  }

  @Test
  void refusesWithNamesAndReasons() {
    assertEquals(
        "'fine-tune' and 'nothing' both decide what trains; choose one of them",
        refusal("fine-tune,nothing"));
    assertEquals("method 'clip' is asked for twice; ask for it once", refusal("clip,clip:norm=2"));
    assertEquals("fine-tune has no setting [lrr]; it has [epochs, lr]", refusal("fine-tune:lrr=1"));
    assertEquals(
        "setting 'epochs' of fine-tune is '0.5'; allowed: a whole number from 1 to 100",
        refusal("fine-tune:epochs=0.5"));
    assertTrue(refusal("magic").startsWith("no transfer method 'magic'; there are ["));
  }
}
