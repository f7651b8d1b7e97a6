package dev.graft.freezing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.spi.TransferMethod;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.contract.TransferMethodContract;
import org.junit.jupiter.api.Test;

class SetFitTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new SetFit();
  }

  @Test
  void pairsOfBothKindsCountAlike() {
    try (Scope scope = Scope.open()) {
      Tensor features = Tensor.of(new float[] {2, 0, 0, 3, 5, 0}, 3, 2);
      // Pairs: 0 and 1 are orthogonal, 0 and 2 parallel, 1 and 2 orthogonal.
      Tensor right = Tensor.of(new long[] {0, 1, 0}, 3);
      assertEquals(0, SetFit.loss(features, right).item(), 1e-6);
      Tensor wrong = Tensor.of(new long[] {0, 0, 1}, 3);
      // Alike: an error of 1. Different: 0 and 2 an error of 1, 1 and 2 none.
      assertEquals((1 + 0.5) / 2, SetFit.loss(features, wrong).item(), 1e-6);
      Tensor apart = Tensor.of(new long[] {0, 1, 2}, 3);
      assertEquals(1.0 / 3 / 2, SetFit.loss(features, apart).item(), 1e-6);
    }
  }
}
