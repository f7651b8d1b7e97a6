package dev.graft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.tiny.TinyPenalty;
import dev.graft.testkit.tiny.TinyProbe;
import dev.graft.testkit.tiny.TinyTransfer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Every promise of the contract can be broken, and is then named. */
final class TransferMethodContractTest {

  @TempDir Path temp;

  /** Trains the head by SGD, and breaks the promise that its id names. */
  private record Broken(String id, double lr) implements TransferMethod {

    @Override
    public About about() {
      return new About(id, "breaks one promise", "none");
    }

    @Override
    public Role role() {
      return id.equals("idle") ? Role.ADDITION : Role.STRATEGY;
    }

    @Override
    public List<Setting> settings() {
      return List.of();
    }

    @Override
    public Plan contribute(Plan plan, Settings settings, Subject subject) {
      if (id.equals("idle")) {
        return plan;
      }
      Phase phase =
          Phase.of(
                  "head",
                  List.of(Selector.groups(List.of("head"), 1)),
                  Stream.training(8, id.equals("nameless") ? "no-such" : Stream.NONE),
                  Choice.of("sgd").with("lr", lr))
              .withLength(Length.epochs(2))
              .plusTerm(new TermSpec("broken", Settings.of("how", first(id)), 1, 0));
      if (id.equals("unbound")) {
        phase = phase.plusTerm(new TermSpec("broken", Settings.of("how", id), 1, 0));
      }
      return plan.withPhases(List.of(phase));
    }
  }

  /** The term that can be bound before the one that cannot. */
  private static String first(String id) {
    return id.equals("unbound") ? "honest" : id;
  }

  private TransferMethodContract contract(String id, double lr) {
    TransferMethodContract contract =
        new TransferMethodContract() {
          @Override
          protected TransferMethod method() {
            return new Broken(id, lr);
          }
        };
    contract.temp = temp;
    contract.countTensors();
    return contract;
  }

  private static void assertNoticed(Executable test, String part) {
    String message = assertThrows(Throwable.class, test).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void aMethodThatKeepsItsPromisesPasses() throws Exception {
    TransferMethodContract contract = contract("honest", 0.05);
    contract.frozenIsFrozenAndTheRestMoves();
    contract.theLossFallsAndOutputsChange();
    contract.everyTensorIsGivenBack();
  }

  @Test
  void aMovingBufferIsNoticed() {
    assertNoticed(
        contract("thaws", 0.05)::frozenIsFrozenAndTheRestMoves,
        "bn1.running_mean is frozen and moved");
  }

  @Test
  void aParameterThatStaysIsNoticed() {
    assertNoticed(
        contract("lazy", 0)::frozenIsFrozenAndTheRestMoves, "fc.weight trains and did not move");
  }

  @Test
  void aRisingLossIsNoticed() {
    assertNoticed(contract("rises", 0.05)::theLossFallsAndOutputsChange, "before");
  }

  @Test
  void chanceWithoutASeedIsNoticed() {
    assertNoticed(contract("unseeded", 0.05)::theSameSeedGivesTheSameBits, "expected");
  }

  @Test
  void stateThatASnapshotLacksIsNoticed() {
    assertNoticed(contract("forgetful", 0.05)::aStoppedRunGoesOnWithTheSameBits, "expected");
  }

  @Test
  void aTensorThatIsKeptIsNoticed() {
    TransferMethodContract contract = contract("leaks", 0.05);
    contract.theLossFallsAndOutputsChange();
    assertNoticed(contract::everyTensorIsGivenBack, "nobody closed");
  }

  /** Whatever was bound before a term that fails is closed. */
  @Test
  void aTermThatCannotBeBoundLeavesNothingBehind() {
    TransferMethodContract contract = contract("unbound", 0.05);
    assertNoticed(contract::theLossFallsAndOutputsChange, "cannot be bound");
    contract.everyTensorIsGivenBack();
  }

  @Test
  void whatASolvedHeadWouldIgnoreIsRefusedWithBothNames() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TinyTransfer.pictures()
                        .plan(
                            1,
                            List.of(new TinyProbe(), new TinyPenalty()),
                            List.of(Settings.NONE, Settings.NONE)))
            .getMessage();
    assertEquals(
        "'tiny-penalty' means nothing with ['tiny-probe']: phase 'solved' solves its head exactly"
            + " and would ignore the terms [tiny-penalty]",
        message);
  }

  /** A plan that no planner made is refused too, before anything is computed. */
  @Test
  void aPlanWrittenByHandIsRefusedInTheRun() {
    TinyTransfer transfer = TinyTransfer.pictures();
    Plan solved = transfer.plan(1, List.of(new TinyProbe()), List.of(Settings.NONE));
    TermSpec penalty = new TermSpec("tiny-penalty", Settings.NONE, 1, 0);
    Plan both = solved.mapPhases(phase -> phase.plusTerm(penalty));
    Registry registry = Registry.load(getClass().getClassLoader());
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> MethodRun.of(transfer, both, temp, registry))
            .getMessage();
    assertTrue(message.contains("tiny-probe") && message.contains("tiny-penalty"), message);
  }

  @Test
  void anAdditionWithoutEffectIsNoticed() {
    assertNoticed(contract("idle", 0)::anAdditionMakesADifference, "the same bits");
  }

  @Test
  void aRefusalWithoutNamesIsNoticed() {
    assertNoticed(
        contract("nameless", 0.05)::composesWithAnotherKindOrSaysWhyNot, "names both methods");
  }

  @Test
  void aMethodThatIsNotRegisteredIsNoticed() {
    assertNoticed(contract("honest", 0.05)::saysWhatItIs, "honest");
  }
}
