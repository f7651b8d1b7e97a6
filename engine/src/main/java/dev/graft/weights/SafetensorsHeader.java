package dev.graft.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.graft.internal.Json;
import dev.graft.tensor.DType;
import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, read token by token.
 *
 * <p>Only what the format defines is accepted: strings in the metadata; of a tensor exactly {@code
 * dtype}, {@code shape} and {@code data_offsets}; numbers that are plain non-negative integers
 * ({@code 1e3}, {@code 1.0}, {@code -0} are not).
 *
 * @param metadata the entries of {@code __metadata__}, in file order
 * @param entries the tensors, in file order
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {

  /** Where a tensor lies: from {@code begin} up to, without, {@code end} of the data. */
  record Entry(DType dtype, long[] shape, long begin, long end) {}

  static final String METADATA = "__metadata__";

  static SafetensorsHeader parse(byte[] json) {
    try (JsonParser parser = Json.parser(json)) {
      SafetensorsHeader header =
          new SafetensorsHeader(new LinkedHashMap<>(), new LinkedHashMap<>());
      header.parse(parser);
      return header;
    } catch (JsonProcessingException e) {
      // The parser has no type of its own for this, only a message.
      boolean duplicate = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field");
      throw new WeightFormatException(
          duplicate ? Reason.DUPLICATE_NAME : Reason.BAD_HEADER,
          "the header is not valid JSON: " + e.getMessage(),
          e);
    } catch (CharacterCodingException e) {
      throw new WeightFormatException(Reason.NOT_UTF8, "the header is not UTF-8", e);
    } catch (IOException e) {
      throw new AssertionError("bytes in memory are always readable", e);
    }
  }

  private void parse(JsonParser parser) throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (name.equals(METADATA)) {
        parseMetadata(parser);
      } else {
        entries.put(name, parseEntry(parser, name));
      }
    }
    if (parser.nextToken() != null) {
      throw new WeightFormatException(
          Reason.BAD_HEADER, "something follows the header's JSON object; only spaces may");
    }
  }

  private void parseMetadata(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new WeightFormatException(
          Reason.BAD_METADATA, METADATA + " must be an object of strings");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw new WeightFormatException(
            Reason.BAD_METADATA,
            "%s holds something other than a string under '%s'".formatted(METADATA, key));
      }
      metadata.put(key, parser.getText());
    }
  }

  private static Entry parseEntry(JsonParser parser, String name) throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT, "tensor '" + name + "'");
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      switch (key) {
        case "dtype" -> dtype = dtype(parser, name);
        case "shape" -> shape = numbers(parser, name, key);
        case "data_offsets" -> offsets = numbers(parser, name, key);
        default ->
            throw new WeightFormatException(
                Reason.BAD_HEADER,
                "tensor '%s' has the key '%s'; allowed are dtype, shape, data_offsets"
                    .formatted(name, key));
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      throw new WeightFormatException(
          Reason.BAD_HEADER, "tensor '%s' lacks one of dtype, shape, data_offsets".formatted(name));
    }
    if (offsets.length != 2) {
      throw new WeightFormatException(
          Reason.BAD_OFFSETS,
          "tensor '%s' has %d data_offsets; a begin and an end are needed"
              .formatted(name, offsets.length));
    }
    return new Entry(dtype, shape, offsets[0], offsets[1]);
  }

  private static DType dtype(JsonParser parser, String name) throws IOException {
    expect(parser.nextToken(), JsonToken.VALUE_STRING, "the dtype of tensor '" + name + "'");
    try {
      return DType.ofCode(parser.getText());
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(
          Reason.UNKNOWN_TYPE, "tensor '%s': %s".formatted(name, e.getMessage()), e);
    }
  }

  private static long[] numbers(JsonParser parser, String name, String key) throws IOException {
    expect(parser.nextToken(), JsonToken.START_ARRAY, "%s of tensor '%s'".formatted(key, name));
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      numbers.add(number(parser, name, key));
      if (numbers.size() > Shapes.MAX_RANK) {
        throw new WeightFormatException(
            Reason.BAD_SHAPE,
            "%s of tensor '%s' has more than %d numbers".formatted(key, name, Shapes.MAX_RANK));
      }
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static long number(JsonParser parser, String name, String key) throws IOException {
    String text = parser.getText();
    boolean plain = parser.currentToken() == JsonToken.VALUE_NUMBER_INT && !text.startsWith("-");
    if (plain) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        plain = false;
      }
    }
    throw new WeightFormatException(
        Reason.BAD_NUMBER,
        "%s of tensor '%s' holds %s; allowed are plain integers from 0 to 2^63-1"
            .formatted(key, name, text));
  }

  private static void expect(JsonToken actual, JsonToken expected, String what) {
    if (actual != expected) {
      throw new WeightFormatException(
          Reason.BAD_HEADER, "%s must be %s, but is %s".formatted(what, expected, actual));
    }
  }

  /**
   * Checks that the tensors lie one after the other from the first byte to the last, without hole
   * or overlap, each exactly as long as its shape needs.
   */
  void checkLayout(long dataBytes) {
    List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
    sorted.sort(
        (a, b) -> {
          int byBegin = Long.compare(a.getValue().begin(), b.getValue().begin());
          return byBegin != 0 ? byBegin : Long.compare(a.getValue().end(), b.getValue().end());
        });
    long position = 0;
    for (Map.Entry<String, Entry> item : sorted) {
      Entry entry = item.getValue();
      if (entry.begin() != position || entry.end() < entry.begin()) {
        throw new WeightFormatException(
            Reason.BAD_OFFSETS,
            "tensor '%s' lies at %d..%d; the one before ends at %d, and neither holes nor overlaps"
                    .formatted(item.getKey(), entry.begin(), entry.end(), position)
                + " are allowed");
      }
      long needed = Shapes.byteSize(item.getKey(), entry.dtype(), entry.shape());
      if (needed != entry.end() - entry.begin()) {
        throw new WeightFormatException(
            Reason.SIZE_MISMATCH,
            "tensor '%s' of shape %s and type %s takes %d bytes, but has %d"
                .formatted(
                    item.getKey(),
                    Arrays.toString(entry.shape()),
                    entry.dtype(),
                    needed,
                    entry.end() - entry.begin()));
      }
      position = entry.end();
    }
    if (position != dataBytes) {
      throw new WeightFormatException(
          position > dataBytes ? Reason.TRUNCATED : Reason.TRAILING_BYTES,
          "the tensors take %d bytes, but %d follow the header; fetch the file again"
              .formatted(position, dataBytes));
    }
  }
}
