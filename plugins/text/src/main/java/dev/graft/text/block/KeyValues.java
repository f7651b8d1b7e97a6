package dev.graft.text.block;

import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values that the attentions of a network computed for earlier positions of the same
 * sequences: (N, heads, S, d) each. It owns them until closed; the positions of a step count when
 * {@link #advance} is called.
 */
public final class KeyValues implements AutoCloseable {

  /**
   * Of one attention.
   *
   * @param keys (N, heads, S, d)
   * @param values the same
   */
  record Entry(Tensor keys, Tensor values) {

    void close() {
      keys.close();
      values.close();
    }
  }

  private final Map<Object, Entry> entries = new HashMap<>();
  private long length;

  /** Number of positions so far. */
  public long length() {
    return length;
  }

  /** Says that a step over {@code positions} positions is done. */
  public void advance(long positions) {
    length += positions;
  }

  /** What an attention has kept, or null. */
  Entry of(Object attention) {
    return entries.get(attention);
  }

  /** Adds the keys and values of new positions to those of an attention. */
  Entry append(Object attention, Tensor keys, Tensor values) {
    Entry before = entries.get(attention);
    return put(
        attention,
        before == null ? keys.copy() : Tensor.cat(List.of(before.keys, keys), 2),
        before == null ? values.copy() : Tensor.cat(List.of(before.values, values), 2));
  }

  private Entry put(Object attention, Tensor keys, Tensor values) {
    Entry entry = new Entry(Scope.release(keys), Scope.release(values));
    Entry before = entries.put(attention, entry);
    if (before != null) {
      before.close();
    }
    return entry;
  }

  /**
   * Keeps some of the sequences, in a new order; one may come several times.
   *
   * @param rows (M) INT64
   */
  public void reorder(Tensor rows) {
    for (Object attention : List.copyOf(entries.keySet())) {
      Entry before = entries.get(attention);
      Entry after =
          put(attention, before.keys.indexSelect(0, rows), before.values.indexSelect(0, rows));
      if (after.keys.size(0) != rows.count()) {
        throw new IllegalStateException("rows were lost");
      }
    }
  }

  @Override
  public void close() {
    entries.values().forEach(Entry::close);
    entries.clear();
  }
}
