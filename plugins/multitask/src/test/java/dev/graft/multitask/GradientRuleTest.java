package dev.graft.multitask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.graft.layers.ParameterKind;
import dev.graft.model.Parameter;
import dev.graft.plan.TermSpec;
import dev.graft.spi.BoundCombine.Gradients;
import dev.graft.spi.BoundCombine.Losses;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.train.OtherTaskTerm;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which gradients a rule works on, and which it leaves alone. */
class GradientRuleTest {

  private static final float CLOSE = 1e-6f;

  /** PCGrad for a network of two groups. */
  private static final GradientRule PROJECTION =
      new GradientRule(List.of("body", "head")) {
        @Override
        double[] weights(double[][] gram, double[] losses, RandomGenerator random) {
          return Pcgrad.weights(gram, random);
        }
      };

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor row(float... values) {
    return Tensor.of(values, values.length);
  }

  private static Parameter parameter(String name, String group, long size) {
    return new Parameter(name, group, ParameterKind.WEIGHT, Tensor.zeros(size));
  }

  /** Two tasks and a penalty between them; a shared vector in two pieces, heads, a term's own. */
  private static List<Tensor> merged(float... firstTask) {
    List<Parameter> parameters =
        List.of(
            parameter("a", "body", 1),
            parameter("b", "body", 1),
            parameter("heads", "head", 2),
            parameter("projector", "", 1));
    List<TermSpec> terms =
        List.of(TermSpec.of("task"), TermSpec.of("penalty"), OtherTaskTerm.of("other"));
    return PROJECTION.merge(
        new Gradients(
            new Losses(terms, new double[] {1, 1, 1}, 0),
            parameters,
            List.of(
                List.of(row(firstTask[0]), row(firstTask[1]), row(7, 0), row(0)),
                List.of(row(10), row(20), row(30, 40), row(50)),
                List.of(row(-1), row(1), row(0, -9), row(0))),
            new SplittableRandom(1)));
  }

  @Test
  void onlyWhatTheTasksShareIsProjectedAndPenaltiesCountAsTheyAre() {
    // Shared: (1, 0) and (-1, 1) become (0.5, 0.5) and (0, 1), whatever the heads are.
    List<Tensor> merged = merged(1, 0);
    assertArrayEquals(new float[] {10.5f}, merged.get(0).toFloats(), CLOSE);
    assertArrayEquals(new float[] {21.5f}, merged.get(1).toFloats(), CLOSE);
    assertArrayEquals(new float[] {37, 31}, merged.get(2).toFloats(), CLOSE);
    assertArrayEquals(new float[] {50}, merged.get(3).toFloats(), CLOSE);
  }

  @Test
  void gradientsThatAreNotFiniteGoThroughSoThatTheUpdateIsSkipped() {
    List<Tensor> merged = merged(Float.NaN, 0);
    assertArrayEquals(new float[] {Float.NaN}, merged.get(0).toFloats());
    assertArrayEquals(new float[] {21}, merged.get(1).toFloats(), CLOSE);
  }
}
