package dev.graft.multitask;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;

/**
 * Numbers that a rule remembers from update to update, in the form that snapshots keep: a tensor
 * with the bits of each double, so that a resumed run goes on with the same ones.
 */
final class Memory implements AutoCloseable {

  private final Tensor bits;

  Memory(double... initial) {
    try (Scope scope = Scope.open()) {
      bits = Scope.release(Tensor.of(bits(initial), initial.length));
    }
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  double[] get() {
    return Arrays.stream(bits.toLongs()).mapToDouble(Double::longBitsToDouble).toArray();
  }

  void set(double[] values) {
    bits.copyInPlace(HostTensor.of(bits(values), values.length));
  }

  /** What a snapshot keeps. */
  Tensor tensor() {
    return bits;
  }

  @Override
  public void close() {
    bits.close();
  }
}
