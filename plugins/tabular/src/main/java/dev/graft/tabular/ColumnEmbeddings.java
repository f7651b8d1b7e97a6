package dev.graft.tabular;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One table of vectors per column of categories: (N, K) INT64 to (N, K D). */
final class ColumnEmbeddings extends Layer {

  private final List<Child> tables = new ArrayList<>();

  /**
   * Tables whose vectors for a missing and for an unknown category start at zero: what training
   * never showed should say nothing.
   *
   * @param sizes number of indices by column, in the order of the inputs
   * @param width D
   */
  ColumnEmbeddings(Map<String, Integer> sizes, int width) {
    sizes.forEach(
        (column, size) -> {
          Embedding table = new Embedding(size, width);
          try (Scope scope = Scope.open()) {
            table.weight().narrow(0, 0, 2).fillInPlace(0);
          }
          tables.add(child(column, table));
        });
  }

  @Override
  protected Tensor forward(Tensor indices) {
    List<Tensor> vectors = new ArrayList<>();
    for (int k = 0; k < tables.size(); k++) {
      vectors.add(tables.get(k).apply(indices.select(1, k)));
    }
    return Tensor.cat(vectors, 1);
  }
}
