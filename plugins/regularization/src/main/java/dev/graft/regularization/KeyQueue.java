package dev.graft.regularization;

import dev.graft.tensor.DType;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Map;

/** The newest keys of each class, oldest overwritten first; random directions at the start. */
final class KeyQueue implements AutoCloseable {

  private final int size;
  private final Tensor keys;
  private final Tensor classes;
  private final Tensor next;

  /** Room for {@code size} keys of {@code length} for each class. */
  KeyQueue(int classes, int size, long length) {
    this.size = size;
    keys = Scope.release(Contrast.unit(Tensor.randn((long) classes * size, length)));
    long[] of = new long[Math.multiplyExact(classes, size)];
    java.util.Arrays.setAll(of, i -> i / size);
    this.classes = Scope.release(Tensor.of(of, 1, of.length));
    next = Scope.release(Tensor.zeros(DType.INT64, classes));
  }

  /** All keys, (classes · size, length), in a copy that later additions do not change. */
  Tensor keys() {
    return keys.copy();
  }

  /** True where a key is of the class of a row: labels (N) to (N, classes · size). */
  Tensor positives(Tensor labels) {
    return labels.unsqueeze(1).eq(classes);
  }

  /** Takes keys (N, length) in, row by row. */
  void add(Tensor rows, long[] labels) {
    long[] at = next.toLongs();
    for (int i = 0; i < labels.length; i++) {
      int label = (int) labels[i];
      keys.select(0, (long) label * size + at[label]).copyInPlace(rows.select(0, i));
      at[label] = (at[label] + 1) % size;
    }
    next.copyInPlace(Tensor.of(at, at.length));
  }

  /** What a snapshot keeps. */
  void state(String name, Map<String, Tensor> state) {
    state.put("queue." + name, keys);
    state.put("queue." + name + ".next", next);
  }

  @Override
  public void close() {
    keys.close();
    classes.close();
    next.close();
  }
}
