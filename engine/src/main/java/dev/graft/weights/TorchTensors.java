package dev.graft.weights;

import dev.graft.weights.WeightFormatException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Builds tensors from what a PyTorch checkpoint says about them. */
final class TorchTensors {

  private TorchTensors() {}

  /**
   * {@code _rebuild_tensor(storage, offset, size, stride)} and its second version, which adds
   * whether it wants a gradient, its hooks (none are kept) and flags (none are known).
   */
  static StoredTensor rebuild(List<?> arguments) {
    if (arguments.size() < 4 || arguments.size() > 7) {
      throw bad("a tensor is made of 4 to 7 arguments, not " + arguments.size());
    }
    if (!(arguments.get(0) instanceof TorchStorage storage)) {
      throw bad("a tensor needs a storage, not " + PickleMachine.describe(arguments.get(0)));
    }
    if (arguments.size() > 5) {
      checkEmpty(arguments.get(5), "hooks");
    }
    if (arguments.size() > 6) {
      checkEmpty(arguments.get(6), "flags");
    }
    long[] shape = longs(sizes(arguments.get(2)));
    long[] strides = longs(sizes(arguments.get(3)));
    return view(storage, new Strided(storage.dtype(), shape, strides, number(arguments.get(1))));
  }

  /** {@code _rebuild_parameter(tensor, requires_grad, hooks)}. */
  static StoredTensor parameter(List<?> arguments) {
    if (arguments.size() != 3 || !(arguments.get(0) instanceof StoredTensor tensor)) {
      throw bad("a parameter is made of a tensor, a flag and hooks");
    }
    checkEmpty(arguments.get(2), "hooks");
    return tensor;
  }

  /** A tuple of sizes. */
  static List<Long> sizes(Object value) {
    List<?> list = PickleGlobals.list(value);
    if (list.size() > Shapes.MAX_RANK) {
      throw new WeightFormatException(
          Reason.BAD_SHAPE,
          "%d dimensions; at most %d are allowed".formatted(list.size(), Shapes.MAX_RANK));
    }
    return list.stream().map(TorchTensors::number).toList();
  }

  private static StoredTensor view(TorchStorage storage, Strided view) {
    String name = Arrays.toString(view.shape());
    view.check(name, storage.count());
    long bytes = Shapes.byteSize(name, view.dtype(), view.shape());
    // An expanded view repeats its storage; it must not become a way to fill the memory.
    if (bytes > storage.fileSize()) {
      throw new WeightFormatException(
          Reason.BAD_VIEW,
          "a view of shape %s takes %d bytes, more than the %d of its file; save it as a copy"
              .formatted(name, bytes, storage.fileSize()));
    }
    int width = view.dtype().bytes();
    return new StoredTensor(
        view.dtype(),
        view.shape(),
        () -> {
          if (view.isContiguous()) {
            return storage.slice(view.offset() * width, bytes);
          }
          // Only the part of the storage that the view touches is asked for.
          long length = view.extent() * width;
          ByteBuffer part = storage.slice(view.offset() * width, length);
          return new Strided(view.dtype(), view.shape(), view.strides(), 0).gather(part);
        });
  }

  private static void checkEmpty(Object value, String what) {
    boolean empty = value == null || (value instanceof Map<?, ?> map && map.isEmpty());
    if (!empty) {
      throw bad("a tensor comes with %s, which are not read".formatted(what));
    }
  }

  private static long[] longs(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }

  private static long number(Object value) {
    if (!(value instanceof Long number)) {
      throw bad("an integer is needed, not " + PickleMachine.describe(value));
    }
    return number;
  }

  private static WeightFormatException bad(String message) {
    return new WeightFormatException(Reason.BAD_PICKLE, message);
  }
}
