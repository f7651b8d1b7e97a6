package dev.graft.server;

import dev.graft.data.TensorInput;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferRequest.InferInputTensor;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Rows that are given as tensors: each of shape (N, …) with the same N, typed or raw, which is
 * row-major and little endian. Every size is checked, and every product for overflow, before memory
 * is taken; raw contents are not copied.
 */
final class TensorRows {

  private static final Map<String, DType> TYPES =
      Map.of(
          "FP32", DType.FLOAT32,
          "FP16", DType.FLOAT16,
          "BF16", DType.BFLOAT16,
          "UINT8", DType.UINT8,
          "INT32", DType.INT32,
          "INT64", DType.INT64);

  private final Map<String, TensorInput> known = new LinkedHashMap<>();

  /** Rows of these tensors. */
  TensorRows(List<TensorInput> inputs) {
    inputs.forEach(input -> known.put(input.name(), input));
  }

  /** The name that the protocol gives a type. */
  static String datatype(DType type) {
    return TYPES.entrySet().stream()
        .filter(each -> each.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /**
   * The rows of a request.
   *
   * @throws Refusal if the request does not keep the rules of the protocol
   */
  List<Inputs.Row> of(ModelInferRequest request) {
    if (request.getInputsCount() == 0 || request.getInputsCount() > known.size()) {
      throw Refusal.invalid(
          "a request has one input, '%s', or as tensors some of %s; this one has %d",
          Contents.INPUT, known.keySet(), request.getInputsCount());
    }
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < request.getInputsCount(); i++) {
      InferInputTensor input = request.getInputs(i);
      TensorInput rules = known.get(input.getName());
      if (rules == null) {
        throw Refusal.invalid(
            "input %d is none of this model's; it reads one input, '%s', or as tensors %s",
            i, Contents.INPUT, known.keySet());
      }
      ByteBuffer raw =
          request.getRawInputContentsCount() == 0
              ? null
              : request.getRawInputContents(i).asReadOnlyByteBuffer();
      if (tensors.put(input.getName(), tensor(input, rules, raw)) != null) {
        throw Refusal.invalid("input '%s' is there twice", input.getName());
      }
    }
    return split(tensors);
  }

  private List<Inputs.Row> split(Map<String, HostTensor> tensors) {
    long count = tensors.values().iterator().next().shape()[0];
    known.forEach(
        (name, rules) -> {
          HostTensor tensor = tensors.get(name);
          if (tensor == null ? rules.required() : tensor.shape()[0] != count) {
            throw Refusal.invalid("input '%s' has a row for each of the %d", name, count);
          }
        });
    List<Inputs.Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, HostTensor> row = new LinkedHashMap<>();
      for (Map.Entry<String, HostTensor> each : tensors.entrySet()) {
        row.put(each.getKey(), row(each.getValue(), i));
      }
      rows.add((predictor, id) -> predictor.example(id, row));
    }
    return rows;
  }

  private static HostTensor row(HostTensor tensor, int index) {
    long[] shape = tensor.shape();
    long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
    int bytes = Math.toIntExact(HostTensor.byteSize(tensor.dtype(), rest));
    return new HostTensor(tensor.dtype(), rest, tensor.data().slice(index * bytes, bytes));
  }

  private static HostTensor tensor(InferInputTensor input, TensorInput rules, ByteBuffer raw) {
    DType type = TYPES.get(input.getDatatype());
    if (type == null || !rules.types().contains(type)) {
      throw Refusal.invalid(
          "input '%s' is of datatype %s",
          rules.name(), rules.types().stream().map(TensorRows::datatype).toList());
    }
    long[] shape = shape(input, rules);
    long bytes;
    try {
      bytes = HostTensor.byteSize(type, shape);
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("the shape of '%s' is too large", rules.name());
    }
    if (raw == null) {
      return new HostTensor(type, shape, typed(input, type, bytes / type.bytes()));
    }
    if (raw.remaining() != bytes) {
      throw Refusal.invalid(
          "the shape of '%s' takes %d bytes, the raw contents have %d",
          rules.name(), bytes, raw.remaining());
    }
    return new HostTensor(type, shape, raw);
  }

  private static long[] shape(InferInputTensor input, TensorInput rules) {
    List<Long> sizes = input.getShapeList();
    boolean fits =
        sizes.size() == rules.shape().size() + 1
            && sizes.get(0) >= 1
            && sizes.get(0) <= Contents.MAX_ROWS;
    for (int i = 0; fits && i < rules.shape().size(); i++) {
      long wanted = rules.shape().get(i);
      long given = sizes.get(i + 1);
      fits = given >= 1 && (wanted < 0 || given == wanted);
    }
    if (!fits) {
      throw Refusal.invalid(
          "the shape of '%s' is N, from 1 to %d, and for each row %s, where -1 is any from 1",
          rules.name(), Contents.MAX_ROWS, rules.shape());
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  private static ByteBuffer typed(InferInputTensor input, DType type, long count) {
    InferTensorContents contents = input.getContents();
    InferTensorContents.Builder others = contents.toBuilder();
    List<? extends Number> values =
        switch (type) {
          case FLOAT32 -> {
            others.clearFp32Contents();
            yield contents.getFp32ContentsList();
          }
          case UINT8 -> {
            others.clearUintContents();
            yield contents.getUintContentsList();
          }
          case INT32 -> {
            others.clearIntContents();
            yield contents.getIntContentsList();
          }
          case INT64 -> {
            others.clearInt64Contents();
            yield contents.getInt64ContentsList();
          }
          default -> throw Refusal.invalid("%s goes into raw contents alone", datatype(type));
        };
    if (others.build().getSerializedSize() > 0) {
      throw Refusal.invalid("elements of %s go into one field alone", datatype(type));
    }
    if (values.size() != count) {
      throw Refusal.invalid("the shape says %d elements, there are %d", count, values.size());
    }
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(count * type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(writer(buffer, type));
    return buffer.flip();
  }

  private static Consumer<Number> writer(ByteBuffer buffer, DType type) {
    return switch (type) {
      case FLOAT32 -> value -> buffer.putFloat(value.floatValue());
      case INT32 -> value -> buffer.putInt(value.intValue());
      case INT64 -> value -> buffer.putLong(value.longValue());
      default ->
          value -> {
            if (value.intValue() < 0 || value.intValue() > 255) {
              throw Refusal.invalid("an element of UINT8 is beyond 255");
            }
            buffer.put(value.byteValue());
          };
    };
  }
}
