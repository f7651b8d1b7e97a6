package dev.graft.data;

import dev.graft.tensor.DType;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor that a client may send in place of raw content.
 *
 * @param name for example {@code pixels}
 * @param types element types it may have; the first is the usual one
 * @param shape sizes of one row, -1 where any size from 1 goes
 * @param required whether a row without it says nothing
 */
public record TensorInput(String name, List<DType> types, List<Long> shape, boolean required) {

  public TensorInput {
    types = List.copyOf(types);
    shape = List.copyOf(shape);
  }

  /** One that each row has, of any of these types. */
  public static TensorInput required(String name, List<DType> types, long... shape) {
    return new TensorInput(name, types, Arrays.stream(shape).boxed().toList(), true);
  }

  /** One that rows may lack, with types and shape like this one. */
  public TensorInput beside(String other) {
    return new TensorInput(other, types, shape, false);
  }
}
