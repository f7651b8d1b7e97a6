package dev.graft.text.preprocessing;

import dev.graft.data.Example;
import dev.graft.data.TensorInput;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.text.token.Tokens;
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
   * @param rules how many tokens and segments the network reads
   * @param vocabulary ids are below
   * @throws IllegalArgumentException if there are more, or values are out of range
   */
  static Example example(String id, Map<String, HostTensor> row, TextRules rules, long vocabulary) {
    int length = Math.toIntExact(row.get(IDS).count());
    if (length > rules.maxLength()) {
      throw new IllegalArgumentException(
          "%d tokens; the model reads up to %d".formatted(length, rules.maxLength()));
    }
    long[] ones = new long[length];
    Arrays.fill(ones, 1);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    values.put(IDS, checked(IDS, row.get(IDS), length, vocabulary));
    values.put(MASK, checked(MASK, row.getOrDefault(MASK, HostTensor.of(ones, length)), length, 2));
    HostTensor zeros = HostTensor.of(new long[length], length);
    HostTensor types = row.getOrDefault(TYPES, zeros);
    values.put(TYPES, checked(TYPES, types, length, rules.segments()));
    return new Example(id, values);
  }

  /**
   * The segments of a text, (L).
   *
   * @throws IllegalArgumentException if the network does not know one that the tokenizer gives
   */
  static HostTensor segments(Tokens tokens, TextRules rules) {
    HostTensor given = HostTensor.of(tokens.segments(), tokens.size());
    return checked(TYPES, given, tokens.size(), rules.segments());
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
