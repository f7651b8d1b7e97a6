package dev.graft.server;

import com.google.protobuf.ByteString;
import dev.graft.data.CorruptExampleException;
import dev.graft.data.Example;
import dev.graft.data.TensorInput;
import dev.graft.infer.Predictor;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that a request asks about: files, rows or texts in the one input {@value
 * Contents#INPUT}, BYTES of shape (N) or (N, 1); or tensors, see {@link TensorRows}.
 */
final class Inputs {

  /** One of them, still to be decoded. */
  interface Row {
    Example example(Predictor predictor, String id) throws CorruptExampleException;
  }

  private Inputs() {}

  /**
   * The rows of a request.
   *
   * @param tensors what may be given in place of raw content
   * @throws Refusal if the request does not keep the rules of the protocol
   */
  static List<Row> rows(ModelInferRequest request, List<TensorInput> tensors) {
    int raw = request.getRawInputContentsCount();
    if (raw > 0 && request.getInputsList().stream().anyMatch(InferInputTensor::hasContents)) {
      throw Refusal.invalid("a request has raw contents or typed ones, not both");
    }
    if (raw > 0 && raw != request.getInputsCount()) {
      throw Refusal.invalid(
          "there are %d raw contents for %d inputs", raw, request.getInputsCount());
    }
    boolean content =
        request.getInputsCount() == 1 && request.getInputs(0).getName().equals(Contents.INPUT);
    return content ? contents(request) : new TensorRows(tensors).of(request);
  }

  private static List<Row> contents(ModelInferRequest request) {
    InferInputTensor input = request.getInputs(0);
    if (!input.getDatatype().equals(Contents.BYTES)) {
      throw Refusal.invalid("input '%s' is of datatype %s", Contents.INPUT, Contents.BYTES);
    }
    int count = count(input.getShapeList());
    List<byte[]> found =
        request.getRawInputContentsCount() > 0
            ? split(request.getRawInputContents(0), count)
            : typed(input);
    if (found.size() != count) {
      throw Refusal.invalid("the shape says %d elements, there are %d", count, found.size());
    }
    List<Row> rows = new ArrayList<>();
    for (byte[] each : found) {
      rows.add((predictor, id) -> predictor.decode(id, each));
    }
    return rows;
  }

  private static int count(List<Long> shape) {
    boolean known = shape.size() == 1 || (shape.size() == 2 && shape.get(1) == 1);
    if (!known || shape.get(0) < 1 || shape.get(0) > Contents.MAX_ROWS) {
      throw Refusal.invalid(
          "the shape of '%s' is (N) or (N, 1) with N from 1 to %d",
          Contents.INPUT, Contents.MAX_ROWS);
    }
    return shape.get(0).intValue();
  }

  private static List<byte[]> typed(InferInputTensor input) {
    InferTensorContents contents = input.getContents();
    boolean others = contents.toBuilder().clearBytesContents().build().getSerializedSize() > 0;
    if (others) {
      throw Refusal.invalid("elements of %s go into bytes_contents alone", Contents.BYTES);
    }
    return contents.getBytesContentsList().stream().map(ByteString::toByteArray).toList();
  }

  /** Takes elements apart; memory is taken only for what is there. */
  private static List<byte[]> split(ByteString raw, int count) {
    ByteBuffer buffer = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> rows = new ArrayList<>();
    while (buffer.hasRemaining()) {
      if (rows.size() == count) {
        throw Refusal.invalid("the raw contents go on after %d elements", count);
      }
      int length = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
      if (length < 0 || length > buffer.remaining()) {
        throw Refusal.invalid(
            "the raw contents end within element %d; each follows its length in 4 bytes",
            rows.size());
      }
      byte[] row = new byte[length];
      buffer.get(row);
      rows.add(row);
    }
    return rows;
  }
}
