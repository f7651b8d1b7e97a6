package dev.graft.text.preprocessing;

import dev.graft.data.Example;
import dev.graft.data.TensorInput;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts that clients send as the ids of their tokens, special ones included: {@code input_ids} (L),
 * and where rows of a request are padded, {@code attention_mask} (L) of ones and zeros; for pairs,
 * {@code token_type_ids} (L).
 */
final class TokenTensors {

  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String TYPES = "token_type_ids";

  private static final TensorInput INPUT =
      TensorInput.required(IDS, List.of(DType.INT64, DType.INT32), -1);

  private TokenTensors() {}

  static List<TensorInput> inputs() {
    return List.of(INPUT, INPUT.beside(MASK), INPUT.beside(TYPES));
  }

  /** True if an example holds tokens in place of a text. */
  static boolean areIn(Example example) {
    return example.values().containsKey(IDS);
  }

  /**
   * The tokens of a text.
   *
   * @param maxLength most tokens
   * @param vocabulary ids are below
   */
  static Example example(String id, Map<String, HostTensor> row, long maxLength, long vocabulary) {
    int length = Math.toIntExact(row.get(IDS).count());
    if (length > maxLength) {
      throw new IllegalArgumentException(
          "%d tokens; the model reads up to %d".formatted(length, maxLength));
    }
    long[] ones = new long[length];
    Arrays.fill(ones, 1);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    values.put(IDS, checked(IDS, row.get(IDS), length, vocabulary));
    values.put(MASK, checked(MASK, row.getOrDefault(MASK, HostTensor.of(ones, length)), length, 2));
    HostTensor zeros = HostTensor.of(new long[length], length);
    values.put(TYPES, checked(TYPES, row.getOrDefault(TYPES, zeros), length, 2));
    return new Example(id, values);
  }

  private static HostTensor checked(String name, HostTensor values, int length, long most) {
    if (values.count() != length) {
      throw new IllegalArgumentException(
          "'%s' has %d elements, '%s' has %d".formatted(name, values.count(), IDS, length));
    }
    long[] numbers = values.toLongs();
    for (long number : numbers) {
      if (number < 0 || number >= most) {
        throw new IllegalArgumentException(
            "a value of '%s' is %d; they go from 0 to %d".formatted(name, number, most - 1));
      }
    }
    return HostTensor.of(numbers, length);
  }
}
