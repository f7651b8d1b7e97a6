package dev.graft.regularization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.graft.model.Model;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at another term inside a run, and ends the run with {@link #SEEN} once it has seen that all
 * is right.
 */
public final class Watching implements Term {

  /** Message of the exception that says that everything was checked. */
  static final String SEEN = "seen and right";

  @Override
  public About about() {
    return new About("watching", "looks at another term, for tests", "none");
  }

  @Override
  public List<Setting> settings() {
    return List.of(Setting.text("what", "", List.of(), "what is checked"));
  }

  @Override
  public BoundTerm bind(TermSpec spec, Run run) {
    return switch (spec.settings().text("what")) {
      case "equal maps" -> new EqualMaps(delta(run), run);
      case "source pass" -> new SourcePass(delta(run), run);
      default -> new PenaltyOfParametersOnly(l2Sp(run), run);
    };
  }

  private static DeltaTerm delta(Run run) {
    Settings settings =
        Settings.of("attention", false).checked("delta", new Delta.Loss().settings());
    return new DeltaTerm(settings, run);
  }

  private static BoundTerm l2Sp(Run run) {
    L2Sp.Loss penalty = new L2Sp.Loss();
    Settings settings = Settings.of("head", 0.0).checked("l2-sp", penalty.settings());
    return penalty.bind(new TermSpec("l2-sp", settings, 1, 0), run);
  }

  private static Map<String, HostTensor> buffers(Model model) {
    Map<String, HostTensor> buffers = new LinkedHashMap<>();
    model.buffers().forEach((name, tensor) -> buffers.put(name, tensor.toHost()));
    return buffers;
  }

  /** On the same examples both models give the same maps before anything moved. */
  private record EqualMaps(DeltaTerm delta, Run run) implements BoundTerm {

    @Override
    public Needs needs() {
      return delta.needs();
    }

    @Override
    public void prepare() {
      run.forEachBatch(
          "training",
          step -> {
            Map<String, Tensor> source = delta.sourceMaps(step.first().inputs());
            assertFalse(source.isEmpty());
            source.forEach(
                (path, map) ->
                    assertArrayEquals(
                        map.toFloats(), step.first().taps().get(path).toFloats(), path));
            assertEquals(0, delta.loss(step).item());
          });
      throw new IllegalStateException(SEEN);
    }

    @Override
    public Tensor loss(Step step) {
      throw new AssertionError("the run goes on");
    }

    @Override
    public void close() {
      delta.close();
    }
  }

  /** The source model is asked without gradients and in evaluation mode, whatever trains. */
  private record SourcePass(DeltaTerm delta, Run run) implements BoundTerm {

    @Override
    public Needs needs() {
      return delta.needs();
    }

    @Override
    public Tensor loss(Step step) {
      Model source = run.source();
      // Were the pass recorded, these would make its outputs part of the graph.
      source.parameters().values().forEach(p -> p.tensor().setRequiresGrad(true));
      Map<String, HostTensor> before = buffers(source);
      Map<String, Tensor> once = delta.sourceMaps(step.first().inputs());
      Map<String, Tensor> twice = delta.sourceMaps(step.first().inputs());
      once.forEach(
          (path, map) -> {
            assertFalse(map.requiresGrad(), path);
            assertArrayEquals(map.toFloats(), twice.get(path).toFloats(), path);
          });
      assertEquals(before, buffers(source));
      source.modules().forEach((path, module) -> assertFalse(module.training(), path));
      delta.loss(step).backward();
      source.parameters().values().forEach(p -> assertFalse(p.tensor().hasGrad(), p.name()));
      throw new IllegalStateException(SEEN);
    }

    @Override
    public void close() {
      delta.close();
    }
  }

  /** Statistics that moved are no part of the distance to the pretrained weights. */
  private record PenaltyOfParametersOnly(BoundTerm penalty, Run run) implements BoundTerm {

    @Override
    public Tensor loss(Step step) {
      assertNotEquals(buffers(run.source()), buffers(run.model()), "no statistics moved");
      assertEquals(0, penalty.loss(step).item());
      throw new IllegalStateException(SEEN);
    }

    @Override
    public void close() {
      penalty.close();
    }
  }
}
