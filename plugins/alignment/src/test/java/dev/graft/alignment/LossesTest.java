package dev.graft.alignment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Identities of the losses that hold exactly, also of those without reference files. */
class LossesTest {

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
    RandomState.seed(9);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void reversalIsTheIdentityForwardAndTurnsTheGradient() {
    Tensor x = Tensor.randn(3, 4);
    x.setRequiresGrad(true);
    Tensor y = Reversal.reverse(x, 0.3);
    assertArrayEquals(x.detach().toFloats(), y.detach().toFloats());
    y.sum().backward();
    for (float value : x.grad().toFloats()) {
      assertEquals(-0.3f, value, 1e-6);
    }
  }

  @Test
  void equalDomainsHaveNoDiscrepancyOfMoments() {
    Tensor rows = Tensor.randn(6, 3);
    assertEquals(0, Coral.loss(rows, rows).item(), 1e-7);
    assertTrue(Coral.loss(rows, rows.add(1)).item() > 0.9);
  }

  @Test
  void theDiscrepancyGrowsWithTheDistanceAndTakesUnequalNumbers() {
    Tensor one = Tensor.randn(8, 3);
    Tensor other = Tensor.randn(5, 3);
    assertTrue(Dan.loss(one, other.add(3)).item() > Dan.loss(one, other).item());
    assertThrows(IllegalArgumentException.class, () -> Dan.loss(one, other.narrow(0, 0, 1)));
  }

  @Test
  void confusionIsZeroForSurePredictionsAndLargestForEvenOnes() {
    Tensor sure = Nn.oneHot(Tensor.of(new long[] {0, 1, 2, 0}, 4), 3).to(DType.FLOAT32).mul(100);
    assertEquals(0, Mcc.loss(sure, 1).item(), 1e-6);
    assertEquals(2.0 / 3, Mcc.loss(Tensor.zeros(5, 3), 2.5).item(), 1e-6);
  }

  @Test
  void weightsOfRowsHaveMeanOneAndFavourSureRows() {
    Tensor logits = Tensor.of(new float[] {9, 0, 0, 0, 0, 0}, 2, 3);
    float[] weights = Discrimination.entropyWeights(Nn.softmax(logits, -1)).toFloats();
    assertEquals(2, weights[0] + weights[1], 1e-6);
    assertTrue(weights[0] > weights[1]);
  }

  @Test
  void aDiscriminatorThatKnowsNothingLosesLogTwo() {
    Tensor loss = Discrimination.loss(Tensor.zeros(7, 1), 4, null);
    assertEquals(Math.log(2), loss.item(), 1e-6);
    Tensor weights = Tensor.of(new float[] {2, 0, 1, 1, 1, 1, 1}, 7);
    assertEquals(Math.log(2), Discrimination.loss(Tensor.zeros(7, 1), 4, weights).item(), 1e-6);
  }

  @Test
  void equalHeadsDoNotDisagree() {
    Tensor logits = Tensor.randn(4, 3);
    assertEquals(0, Mcd.discrepancy(logits, logits).item());
    assertTrue(Mcd.discrepancy(logits, logits.neg()).item() > 0);
  }

  @Test
  void onlySureGuessesTeach() {
    Tensor guesses = Tensor.of(new float[] {9, 0, 0, 0.1f, 0, 0}, 2, 3);
    assertArrayEquals(new float[] {1, 0}, SelfTraining.sure(guesses, 0.9).toFloats());
    Tensor logits = Tensor.randn(2, 3);
    logits.setRequiresGrad(true);
    SelfTraining.consistency(logits, guesses, 0.9, 0.4).backward();
    assertEquals(0, logits.grad().select(0, 1).abs().max().item());
    assertTrue(logits.grad().select(0, 0).abs().max().item() > 0);
  }

  @Test
  void consistencyIsZeroWhereNothingIsSureAndForEqualPredictions() {
    Tensor logits = Tensor.randn(4, 3);
    assertEquals(0, SelfTraining.consistency(logits, logits, 1, 0.4).item());
    assertEquals(0, SelfTraining.consistency(logits, logits, 0, 1).item(), 1e-6);
  }

  @Test
  void noGradientFlowsIntoGuesses() {
    Tensor guesses = Tensor.randn(4, 3);
    guesses.setRequiresGrad(true);
    Tensor logits = Tensor.randn(4, 3);
    logits.setRequiresGrad(true);
    SelfTraining.consistency(logits, guesses, 0, 0.5)
        .add(SelfTraining.pseudoLabels(logits, guesses, 0))
        .backward();
    assertTrue(logits.hasGrad());
    assertTrue(!guesses.hasGrad());
  }
}
