package dev.graft.weights;

import dev.graft.tensor.DType;
import dev.graft.weights.WeightFormatException.Reason;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Checks that what a pickle made is a tree that can be walked: no function or storage left in it as
 * a value, no list that contains itself, not too deep.
 */
final class PickleTree {

  private static final int MAX_DEPTH = 100;

  private final Set<Object> done = Collections.newSetFromMap(new IdentityHashMap<>());

  private PickleTree() {}

  static void check(Object root) {
    new PickleTree().visit(root, 0);
  }

  /** Shared parts are visited once; a loop is met as a depth without end. */
  private void visit(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new WeightFormatException(
          Reason.BAD_PICKLE,
          "containers are nested more than %d deep or contain themselves".formatted(MAX_DEPTH));
    }
    if (value instanceof Map<?, ?> map) {
      visitAll(map, map.values(), depth);
    } else if (value instanceof Collection<?> collection) {
      visitAll(collection, collection, depth);
    } else if (!isLeaf(value)) {
      throw new WeightFormatException(
          Reason.BAD_PICKLE,
          "a %s is kept as a value; save numbers, strings and tensors"
              .formatted(PickleMachine.describe(value)));
    }
  }

  private void visitAll(Object container, Collection<?> children, int depth) {
    if (done.contains(container)) {
      return;
    }
    children.forEach(child -> visit(child, depth + 1));
    done.add(container);
  }

  private static boolean isLeaf(Object value) {
    return value == null
        || value instanceof StoredTensor
        || value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof DType
        || value instanceof byte[];
  }
}
