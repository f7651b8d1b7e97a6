package dev.graft.distillation.relations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.distillation.LossCase;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.GoldenFill;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows from the definitions: zeros, invariances, two rows by hand, equal rows. */
class RelationLossesTest {

  private static final List<BinaryOperator<Tensor>> ALL =
      List.of(
          RelationLosses::distances,
          RelationLosses::angles,
          RelationLosses::similarity,
          RelationLosses::neighbours,
          RelationLosses::congruence);

  private Scope scope;
  private Tensor rows;

  @BeforeEach
  void open() {
    scope = Scope.open();
    rows = Tensor.of(GoldenFill.input("rows", 1, 6, 4)).to(DType.FLOAT64);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void aStudentThatEqualsItsTeacherLosesNothing() {
    Tensor other = Tensor.of(GoldenFill.input("other", 1, 6, 4)).to(DType.FLOAT64);
    for (BinaryOperator<Tensor> loss : ALL) {
      assertEquals(0, loss.apply(rows, rows).item(), 1e-12);
      assertTrue(loss.apply(rows, other).item() > 1e-6);
    }
  }

  @Test
  void relationsDoNotSeeScaleAndAnglesNoShift() {
    for (BinaryOperator<Tensor> loss : ALL.subList(0, 4)) {
      assertEquals(0, loss.apply(rows.mul(3), rows).item(), 1e-9);
    }
    assertEquals(0, RelationLosses.angles(rows.add(5), rows).item(), 1e-12);
    assertEquals(0, RelationLosses.distances(rows.add(5), rows).item(), 1e-12);
  }

  @Test
  void equalRowsHaveFiniteGradients() {
    Tensor twice = Tensor.cat(List.of(rows, rows, rows.mul(0)), 0).to(DType.FLOAT32);
    Tensor teacher = Tensor.of(GoldenFill.input("teacher", 1, 18, 4));
    for (BinaryOperator<Tensor> loss : ALL) {
      Tensor student = twice.copy();
      student.setRequiresGrad(true);
      Tensor value = loss.apply(student, teacher);
      assertTrue(Double.isFinite(value.item()));
      double[] gradient =
          LossCase.doubles(Autograd.gradients(value, List.of(student), false).get(0));
      assertTrue(Arrays.stream(gradient).allMatch(Double::isFinite));
    }
  }

  @Test
  void oneExampleAloneIsComparedWithNothing() {
    Tensor one = rows.narrow(0, 0, 1);
    for (BinaryOperator<Tensor> loss : ALL) {
      assertEquals(0, loss.apply(one, one.mul(2).add(1)).item(), 1e-12);
    }
  }

  @Test
  void similarityOfTwoRowsByHand() {
    // Products (1, 0; 0, 1) against (1, 1; 1, 1): rows (1, 0) and (0.7071, 0.7071).
    Tensor student = Tensor.eye(2);
    Tensor teacher = Tensor.of(new float[] {1, 0, 1, 0}, 2, 2);
    double root = Math.sqrt(0.5);
    double expected = (2 * (1 - root) * (1 - root) + 2 * root * root) / 4;
    assertEquals(expected, RelationLosses.similarity(student, teacher).item(), 1e-6);
  }

  @Test
  void neighboursOfTwoRowsByHand() {
    // Cosines 0 against 1: probabilities (2/3, 1/3) against (1/2, 1/2).
    Tensor student = Tensor.eye(2);
    Tensor teacher = Tensor.ones(2, 2);
    double expected = 2 * 0.5 * (Math.log(0.5 / (2 / 3.0)) + Math.log(0.5 / (1 / 3.0))) / 4;
    assertEquals(expected, RelationLosses.neighbours(student, teacher).item(), 1e-6);
  }
}
