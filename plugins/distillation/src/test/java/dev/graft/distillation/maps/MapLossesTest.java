package dev.graft.distillation.maps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.distillation.Compare;
import dev.graft.distillation.LossCase;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.GoldenFill;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows from the definitions of the losses that have no reference values. */
class MapLossesTest {

  private Scope scope;
  private Tensor map;
  private Tensor other;

  @BeforeEach
  void open() {
    scope = Scope.open();
    map = Tensor.of(GoldenFill.input("map", 1, 2, 3, 8, 8));
    other = Tensor.of(GoldenFill.input("other", 1, 2, 3, 8, 8));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void partialDistanceForgivesWhatLiesBelowAnInactiveUnit() {
    // Teacher 2 and -3 with margin -1: targets 2 and -1.
    Tensor teacher = Tensor.of(new float[] {2, -3}, 1, 1, 1, 2);
    Tensor margin = Tensor.full(-1, teacher.dtype(), 1, 1, 1, 1);
    assertEquals(1 + 0, partial(new float[] {1, -5}, teacher, margin), 1e-6);
    assertEquals(1 + 0.25, partial(new float[] {1, -0.5f}, teacher, margin), 1e-6);
    assertEquals(9 + 0, partial(new float[] {5, -1}, teacher, margin), 1e-6);
    // Behind a ReLU there is no response below 0 and the margin is 0.
    Tensor zeros = Tensor.zeros(1, 1, 1, 1);
    Tensor active = Tensor.of(new float[] {2, 0}, 1, 1, 1, 2);
    assertEquals(4 + 0, partial(new float[] {0, -7}, active, zeros), 1e-6);
    assertEquals(0 + 9, partial(new float[] {2, 3}, active, zeros), 1e-6);
  }

  private static double partial(float[] student, Tensor teacher, Tensor margin) {
    return 1000 * MapLosses.partial(Tensor.of(student, 1, 1, 1, 2), teacher, margin).item();
  }

  @Test
  void contextOfAConstantDifferenceIsItsSquare() {
    // Every scale sees the same difference, so that the weights must sum to 1.
    assertEquals(0.25, MapLosses.context(map.add(0.5), map).item(), 1e-5);
    assertEquals(0, MapLosses.context(map, map).item(), 0);
    // Differences that cancel within each cell of 2 x 2 are seen at full size alone: 1 of 1.875.
    Tensor ones = Tensor.ones(1, 1, 8, 8);
    Tensor signs = ones.copy();
    for (int row = 0; row < 8; row += 2) {
      signs.narrow(2, row, 1).mulInPlace(-1);
    }
    assertEquals(1 / 1.875, MapLosses.context(signs, ones.mul(0)).item(), 1e-6);
  }

  @Test
  void factorsSeeDirectionAndNotSize() {
    assertEquals(0, MapLosses.factors(map.mul(7), map).item(), 1e-7);
    Tensor one = Tensor.of(new float[] {1, 0}, 1, 1, 1, 2);
    Tensor two = Tensor.of(new float[] {0, 5}, 1, 1, 1, 2);
    assertEquals(1, MapLosses.factors(one, two).item(), 1e-6);
  }

  @Test
  void deadMapsHaveFiniteLossesAndGradients() {
    List<Tensor> teacher = List.of(map, other);
    Tensor dead = map.mul(0).detach();
    dead.setRequiresGrad(true);
    List<Tensor> student = List.of(dead, dead);
    List<Tensor> losses =
        List.of(
            MapLosses.attention(student, teacher, 2),
            MapLosses.neuronSelectivity(student, teacher),
            MapLosses.flow(student, teacher),
            MapLosses.factors(dead, map),
            SingularVectors.loss(student, teacher, 1));
    for (Tensor loss : losses) {
      assertTrue(Double.isFinite(loss.item()));
      Tensor gradient = Autograd.gradients(loss, List.of(dead), /* keepGraph= */ true).get(0);
      assertTrue(Arrays.stream(LossCase.doubles(gradient)).allMatch(Double::isFinite));
    }
  }

  @Test
  void singularVectorsOfEqualMapsLoseNothing() {
    List<Tensor> maps = List.of(map, other);
    assertEquals(0, SingularVectors.loss(maps, maps, 2).item(), 1e-9);
    assertTrue(SingularVectors.loss(List.of(other, map), maps, 2).item() > 1e-3);
  }

  @Test
  void nearestTakesTheCellAtTheSamePlace() {
    Tensor small = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
    Tensor large = Compare.nearest(small, 4, 6);
    float[] expected = {1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4};
    assertEquals(List.of(4L, 6L), List.of(large.size(2), large.size(3)));
    assertTrue(Arrays.equals(expected, large.toFloats()));
    assertTrue(Arrays.equals(small.toFloats(), Compare.nearest(large, 2, 2).toFloats()));
  }
}
