package dev.graft.regularization;

import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Contrastive losses with several positives. */
final class Contrast {

  private Contrast() {}

  /** Rows (N, D) of length 1. */
  static Tensor unit(Tensor rows) {
    return rows.div(rows.pow(2).sum(true, 1).add(1e-24).sqrt());
  }

  /** Rows (N, D) with a 1 behind, which meets the bias: (N, D + 1). */
  static Tensor withOne(Tensor rows) {
    Tensor one = Tensor.full(1, rows.dtype(), rows.size(0), 1);
    return Tensor.cat(List.of(rows, one), 1);
  }

  /**
   * Mean divergence between "all positives alike" and the softmax of similarities.
   *
   * @param own similarity of each row to its own key, (N, 1): always a positive
   * @param others similarities to the queue, (N, Q)
   * @param positives true where a key of the queue is of the row's class, (N, Q)
   */
  static Tensor loss(Tensor own, Tensor others, Tensor positives, double temperature) {
    Tensor log = Nn.logSoftmax(Tensor.cat(List.of(own, others), 1).div(temperature), 1);
    Tensor mask = positives.to(DType.FLOAT32);
    Tensor wanted = Tensor.cat(List.of(Tensor.ones(own.size(0), 1), mask), 1);
    Tensor count = wanted.sum(true, 1);
    Tensor target = wanted.div(count);
    // Σ t log t of an equal share among n is -log n.
    return target.mul(log).sum(false, 1).add(count.squeeze(1).log()).mean().neg();
  }
}
