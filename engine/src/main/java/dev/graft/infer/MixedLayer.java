package dev.graft.infer;

import dev.graft.layers.Layer;
import dev.graft.layers.RowWise;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stands in a shared network where models made from it differ: each row of a batch goes through the
 * layer of the model it is meant for, or through the shared one where that model has none of its
 * own. Rows of one model lie side by side.
 */
final class MixedLayer extends Layer {

  /** Whose layer each row of the batch of this thread goes through. */
  private static final ThreadLocal<List<?>> ROWS = new ThreadLocal<>();

  private final Layer shared;
  private volatile Map<Object, Layer> layers = Map.of();

  MixedLayer(Layer shared) {
    this.shared = shared;
    adopt(shared);
  }

  /**
   * Computes with an owner for each row.
   *
   * @param owners keys of {@link #put}, equal ones side by side
   */
  static Rows rows(List<?> owners) {
    ROWS.set(owners);
    return ROWS::remove;
  }

  /** Ends what {@link #rows} began. */
  interface Rows extends AutoCloseable {
    @Override
    void close();
  }

  /** Lets rows of an owner go through a layer from the next batch on; it stays the caller's. */
  void put(Object owner, Layer layer) {
    Map<Object, Layer> more = new LinkedHashMap<>(layers);
    more.put(owner, layer);
    layers = more;
  }

  /** Forgets an owner's layer; true if none is left. */
  boolean forget(Object owner) {
    Map<Object, Layer> fewer = new LinkedHashMap<>(layers);
    fewer.remove(owner);
    layers = fewer;
    return fewer.isEmpty();
  }

  Layer shared() {
    return shared;
  }

  @Override
  protected Tensor forward(Tensor x) {
    List<?> owners = ROWS.get();
    if (owners == null) {
      return shared.apply(x);
    }
    Map<Object, Layer> present = layers;
    List<Layer> each = new ArrayList<>(owners.size());
    boolean one = true;
    for (Object owner : owners) {
      each.add(present.getOrDefault(owner, shared));
      one &= each.get(each.size() - 1) == each.get(0);
    }
    if (one) {
      return each.get(0).apply(x);
    }
    if (x.size(0) != owners.size()) {
      throw new IllegalStateException(
          "%d rows in a batch of %d".formatted(x.size(0), owners.size()));
    }
    for (Layer layer : each) {
      if (layer instanceof RowWise rowWise) {
        Optional<Tensor> all = rowWise.applyRows(x, each);
        if (all.isPresent()) {
          return all.get();
        }
        break;
      }
    }
    return oneAfterTheOther(x, each);
  }

  private static Tensor oneAfterTheOther(Tensor x, List<Layer> each) {
    try (Scope scope = Scope.open()) {
      List<Tensor> parts = new ArrayList<>();
      int from = 0;
      while (from < each.size()) {
        int to = from + 1;
        while (to < each.size() && each.get(to) == each.get(from)) {
          to++;
        }
        parts.add(each.get(from).apply(x.narrow(0, from, to - from)));
        from = to;
      }
      return scope.keep(Tensor.cat(parts, 0));
    }
  }
}
