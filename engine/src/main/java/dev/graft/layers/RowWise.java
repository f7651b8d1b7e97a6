package dev.graft.layers;

import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A layer that knows how to compute a batch in which every row has a layer of its own, all over the
 * same weights, faster than one layer after the other: an adapter's small matrices are picked row
 * by row, what they lie on is computed once.
 */
public interface RowWise {

  /**
   * The output of all rows.
   *
   * @param x (N, …), rows first
   * @param layers the layer of each row, N in all: of this class, or what lies below adapters
   * @return empty if these layers cannot be computed at once
   */
  Optional<Tensor> applyRows(Tensor x, List<Layer> layers);
}
