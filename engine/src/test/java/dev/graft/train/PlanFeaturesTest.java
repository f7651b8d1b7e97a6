package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.plan.Update;
import dev.graft.spi.About;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Combine;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan can ask of the loop beyond one weighted sum and one update per step. */
class PlanFeaturesTest {

  private static final List<String> ALL = List.of("stem", "body", "head");

  @TempDir private Path temp;

  /** The sum, made from the gradient of each term. */
  public static final class Plain implements Combine {

    @Override
    public About about() {
      return new About("plain", "adds the gradients", "a test");
    }

    @Override
    public BoundCombine bind(Settings settings, Run run) {
      return new BoundCombine() {
        @Override
        public boolean apart() {
          return true;
        }

        @Override
        public List<Tensor> merge(Gradients gradients) {
          List<Tensor> sum = new ArrayList<>();
          for (int i = 0; i < gradients.parameters().size(); i++) {
            sum.add(gradients.rows().get(0).get(i).add(gradients.rows().get(1).get(i)));
          }
          return sum;
        }
      };
    }
  }

  /** A penalty on the features that notes what it is given. */
  public static final class Watcher implements Term {

    static final List<String> SEEN = new ArrayList<>();

    @Override
    public About about() {
      return new About("watcher", "notes what it is given", "a test");
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return new BoundTerm() {
        private Model copy;

        @Override
        public Needs needs() {
          return new Needs(List.of(Needs.FEATURES, "conv2"), true, false);
        }

        @Override
        public void prepare() {
          copy = run.copy();
          SEEN.add(
              "copied " + copy.parameters().keySet().equals(run.model().parameters().keySet()));
        }

        @Override
        public Tensor loss(Step step) {
          Step.Part part = step.first();
          SEEN.add(
              part.inputs().has("pixels")
                  + " "
                  + part.taps().get(Needs.FEATURES).size(1)
                  + " "
                  + part.taps().get("conv2").size(1));
          Tensor features = part.taps().get(Needs.FEATURES);
          return features.mul(features).mean();
        }

        @Override
        public void close() {
          copy.close();
        }
      };
    }
  }

  private static Map<String, HostTensor> trained(Path folder, Phase phase) {
    try (Trainer trainer = new Trainer(TinyJobs.job(folder, phase))) {
      assertTrue(trainer.run().completed());
      return RunState.hostCopy(trainer.model().state());
    }
  }

  private static Phase two(Phase phase) {
    return phase.withTerms(List.of(TermSpec.of("task"), TermSpec.of("watcher")));
  }

  @Test
  void aRuleThatAddsGradientsEqualsTheSum() {
    Phase phase = two(TinyJobs.phase("all", ALL, "none", 2));
    Map<String, HostTensor> sum = trained(temp.resolve("a"), phase);
    Map<String, HostTensor> rule =
        trained(temp.resolve("b"), phase.withCombine(Choice.of("plain")));
    for (String name : sum.keySet()) {
      float[] expected = sum.get(name).toFloats();
      assertArrayEquals(expected, rule.get(name).toFloats(), 1e-4f, name);
    }
  }

  @Test
  void aTermSeesInputsFeaturesAndTapsAlthoughAllBeforeTheHeadIsFrozen() {
    Watcher.SEEN.clear();
    long before = Scope.liveTensors();
    assertTrue(
        trained(temp, two(TinyJobs.phase("head", List.of("head"), "none", 1)))
            .containsKey("fc.weight"));
    assertEquals("copied true", Watcher.SEEN.get(0));
    assertEquals(List.of("true 8 8"), Watcher.SEEN.stream().skip(1).distinct().toList());
    assertEquals(before, Scope.liveTensors());
  }

  @Test
  void anUpdateMovesItsGroupsAlone() {
    Phase phase = TinyJobs.phase("all", ALL, "none", 1);
    Update head = new Update("head", List.of("head"), Map.of("task", 1.0), 2);
    Map<String, HostTensor> start = trained(temp.resolve("a"), still(phase));
    Map<String, HostTensor> end = trained(temp.resolve("b"), phase.withUpdates(List.of(head)));
    assertEquals(start.get("conv1.weight"), end.get("conv1.weight"));
    assertNotEquals(start.get("fc.weight"), end.get("fc.weight"));
  }

  private static Phase still(Phase phase) {
    return phase.withOptimizer(phase.optimizer().with("lr", 0));
  }

  @Test
  void samplersAreAskedForTheOrder() {
    Phase phase = TinyJobs.phase("all", ALL, "none", 1);
    Map<String, HostTensor> shuffled = trained(temp.resolve("a"), phase);
    Stream balanced = Stream.training(8, "none").withSampler(Choice.of("balanced"));
    Map<String, HostTensor> other =
        trained(temp.resolve("b"), phase.withStreams(List.of(balanced)));
    assertNotEquals(shuffled.get("fc.weight"), other.get("fc.weight"));
  }

  @Test
  void aPlanThatNamesNothingIsRefused() {
    Phase phase = TinyJobs.phase("all", ALL, "none", 1);
    Update stray = new Update("stray", List.of(), Map.of("kd", 1.0), 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> phase.withUpdates(List.of(stray)))
            .getMessage();
    assertEquals(
        "update 'stray' of phase 'all' weighs [kd]; it must name at least one of the terms [task]",
        message);
    assertThrows(
        IllegalArgumentException.class,
        () -> trained(temp, phase.withCombine(Choice.of("unknown"))));
    assertThrows(
        IllegalArgumentException.class,
        () -> Stream.training(8, "none").withViews(List.of(Stream.REPEAT, "none")));
  }
}
