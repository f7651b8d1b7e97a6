package dev.graft.layers;

import dev.graft.tensor.DType;
import dev.graft.tensor.Device;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * What all attentions share once queries, keys and values are there: the heads.
 *
 * <p>Keys and values pass through the children {@code key_states} and {@code value_states} on their
 * way, as (N, L, D). There they can be tapped, and a method can put others in front of them, which
 * every query then sees as well.
 */
public abstract class MultiHead extends Layer {

  private final Attention.Size size;
  private final Child keys;
  private final Child values;

  /** An attention of a size. */
  protected MultiHead(Attention.Size size) {
    this.size = size;
    keys = child("key_states", new Tokens(size.features()));
    values = child("value_states", new Tokens(size.features()));
  }

  /** D, heads, probabilities of dropout. */
  protected final Attention.Size size() {
    return size;
  }

  /** Queries (N, L, D), keys and values (N, M, D) to (N, L, D). */
  protected final Tensor attend(Tensor q, Tensor k, Tensor v) {
    double dropout = training() ? size.dropout() : 0;
    return compute(heads(q), heads(keys.apply(k)), heads(values.apply(v)), dropout)
        .transpose(1, 2)
        .flatten(2);
  }

  /** The same for queries, keys and values that lie side by side, (N, L, 3 D). */
  protected final Tensor attend(Tensor joint) {
    return attend(part(joint, 0), part(joint, 1), part(joint, 2));
  }

  /**
   * Queries (0), keys (1) or values (2) of those that lie side by side: (N, L, 3 D) to (N, L, D).
   */
  protected final Tensor part(Tensor joint, int index) {
    return joint.narrow(2, index * size.features(), size.features());
  }

  /** (N, L, D) to (N, heads, L, D / heads). */
  private Tensor heads(Tensor x) {
    return x.reshape(x.size(0), x.size(1), size.heads(), -1).transpose(1, 2);
  }

  /** On CPUs the kernel for bfloat16 is many times slower than a detour over 32 bits. */
  private static Tensor compute(Tensor q, Tensor k, Tensor v, double dropout) {
    DType dtype = q.dtype();
    boolean slow = dtype == DType.BFLOAT16 && q.device().equals(Device.CPU);
    DType fast = slow ? DType.FLOAT32 : dtype;
    return Nn.attention(q.to(fast), k.to(fast), v.to(fast), null, false, dropout, Double.NaN)
        .to(dtype);
  }
}
