package dev.graft.regularization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values that break a naive version of these losses, and identities that hold exactly. */
class TrapsTest {

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
    RandomState.seed(4);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor leaf(Tensor values) {
    values.setRequiresGrad(true);
    return values;
  }

  private static void assertFinite(Tensor tensor) {
    for (float value : tensor.toFloats()) {
      assertTrue(Float.isFinite(value), "a value is " + value);
    }
  }

  @Test
  void repeatedRowsGiveAFiniteSpectrum() {
    Tensor row = Tensor.randn(1, 7);
    Tensor features = leaf(Tensor.cat(List.of(row, row, row, row.mul(2)), 0));
    Tensor small = Spectrum.smallest(features, 3);
    small.backward();
    assertEquals(0, small.item(), 1e-9);
    assertFinite(features.grad());
    Tensor zeros = leaf(Tensor.zeros(4, 7));
    Spectrum.smallest(zeros, 1).add(Spectrum.largest(zeros, 1)).backward();
    assertFinite(zeros.grad());
  }

  @Test
  void aBatchSmallerThanKCountsAll() {
    Tensor features = Tensor.randn(3, 7);
    assertEquals(features.pow(2).sum().item(), Spectrum.smallest(features, 10).item(), 1e-4);
    Tensor tall = Tensor.randn(9, 2);
    assertEquals(tall.pow(2).sum().item(), Spectrum.smallest(tall, 10).item(), 1e-4);
  }

  @Test
  void orthonormalFeaturesGiveK() {
    Tensor basis = Tensor.randn(8, 8);
    Tensor orthonormal = basis.matmul(basis.transpose(0, 1)).symmetricEigen().vectors();
    assertEquals(3, Spectrum.smallest(orthonormal.narrow(0, 0, 5), 3).item(), 1e-5);
    assertEquals(2, Spectrum.largest(orthonormal.narrow(0, 0, 5), 2).item(), 1e-5);
  }

  @Test
  void l2SpIsZeroAtTheReferenceAndItsGradientIsTheDistance() {
    Tensor weight = leaf(Tensor.randn(3, 2));
    Tensor reference = weight.detach().copy();
    Tensor at = L2Sp.halfSquares(List.of(weight), List.of(reference));
    assertEquals(0, at.item());
    Tensor moved = leaf(reference.add(0.25));
    Tensor penalty = L2Sp.halfSquares(List.of(moved), List.of(reference));
    penalty.backward();
    assertTrue(penalty.item() > 0);
    assertArrayEquals(moved.detach().sub(reference).toFloats(), moved.grad().toFloats(), 1e-7f);
  }

  @Test
  void theRelationOfClassesIsAProbabilityAndNeedsEveryClass() {
    Tensor probabilities = Nn.softmax(Tensor.randn(6, 5), -1);
    Tensor labels = Tensor.of(new long[] {0, 1, 2, 0, 1, 2}, 6);
    Tensor relation = CoTuning.relation(probabilities, labels, List.of("a", "b", "c"));
    for (float sum : relation.sum(false, 1).toFloats()) {
      assertEquals(1, sum, 1e-6);
    }
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> CoTuning.relation(probabilities, labels, List.of("a", "b", "c", "lost")))
            .getMessage();
    assertTrue(message.contains("'lost'"), message);
  }

  @Test
  void equalPredictionsDoNotDiverge() {
    Tensor logits = Tensor.randn(4, 3);
    assertEquals(0, RDrop.divergence(Tensor.cat(List.of(logits, logits), 0)).item(), 1e-7);
    assertEquals(0, Lwf.divergence(logits, logits, 3).item(), 1e-6);
    assertTrue(RDrop.divergence(Tensor.randn(8, 3)).item() > 0);
  }

  @Test
  void rDropIsTheMeanOfBothDivergences() {
    Tensor logits = Tensor.randn(8, 3);
    Tensor p = logits.narrow(0, 0, 4);
    Tensor q = logits.narrow(0, 4, 4);
    double expected = (Lwf.divergence(p, q, 1).item() + Lwf.divergence(q, p, 1).item()) / 2;
    assertEquals(expected, RDrop.divergence(logits).item(), 1e-6);
  }

  @Test
  void normsOfZeroFeaturesHaveAGradient() {
    Tensor features = leaf(Tensor.zeros(2, 3));
    Afn.loss(features, 1).backward();
    assertFinite(features.grad());
  }

  @Test
  void aChannelThatIsSilencedIsZeroAndTheOthersStay() {
    Tensor maps = Tensor.randn(2, 3, 4, 4);
    Tensor silent = FeatureMaps.without(maps, 1);
    assertEquals(0, silent.select(1, 1).abs().max().item());
    assertArrayEquals(maps.select(1, 2).toFloats(), silent.select(1, 2).toFloats());
    Tensor tokens = FeatureMaps.without(Tensor.ones(2, 5, 3), 0);
    assertEquals(20, tokens.sum().item());
  }

  @Test
  void contrastIsZeroWhereOnlyThePositivesAreClose() {
    Tensor own = Tensor.ones(2, 1);
    Tensor positives = Tensor.of(new float[] {1, 1, 0, 0, 0, 0, 1, 1}, 2, 4).gt(0.5);
    Tensor others = positives.to(DType.FLOAT32).mul(2).sub(1);
    assertEquals(0, Contrast.loss(own, others, positives, 0.01).item(), 1e-6);
    assertTrue(Contrast.loss(own, others.neg(), positives, 0.1).item() > 1);
  }

  @Test
  void aQueueOverwritesTheOldestKeyOfItsClass() {
    try (KeyQueue queue = new KeyQueue(2, 2, 3)) {
      Tensor before = queue.keys();
      for (int i = 1; i <= 3; i++) {
        queue.add(Tensor.full(i, DType.FLOAT32, 1, 3), new long[] {1});
      }
      Tensor after = queue.keys();
      assertArrayEquals(
          before.narrow(0, 0, 2).toFloats(), after.narrow(0, 0, 2).toFloats(), "class 0 is kept");
      assertEquals(3, after.select(0, 2).max().item());
      assertEquals(2, after.select(0, 3).max().item());
      float[] mask = queue.positives(Tensor.of(new long[] {1}, 1)).to(DType.FLOAT32).toFloats();
      assertArrayEquals(new float[] {0, 0, 1, 1}, mask);
    }
  }
}
