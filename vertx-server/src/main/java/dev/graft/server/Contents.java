package dev.graft.server;

import com.google.protobuf.ByteString;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferRequest.InferInputTensor;
import dev.graft.server.protocol.ModelInferResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What requests and responses carry, in either form: typed contents, or raw ones, row-major and
 * little endian, where each element of BYTES follows its length in four bytes.
 *
 * <p>The one input is {@value #INPUT}, BYTES of shape (N) or (N, 1): the files, rows or texts to
 * predict for. Outputs are {@value #PROBABILITIES}, FP32 (N, classes), and {@value #LABEL}, BYTES
 * (N); or {@value #VALUE}, FP64 (N), where the model predicts a number.
 */
final class Contents {

  static final String INPUT = "content";
  static final String PROBABILITIES = "probabilities";
  static final String LABEL = "label";
  static final String VALUE = "value";
  static final String BYTES = "BYTES";
  static final String FP32 = "FP32";
  static final String FP64 = "FP64";

  /** Most inputs in one request. */
  static final int MAX_ROWS = 1024;

  private Contents() {}

  /**
   * The inputs of a request, one per row.
   *
   * @throws Refusal if the request does not keep the rules of the protocol
   */
  static List<byte[]> rows(ModelInferRequest request) {
    if (request.getInputsCount() != 1 || !request.getInputs(0).getName().equals(INPUT)) {
      throw Refusal.invalid(
          "a request has one input, '%s'; this one has %d", INPUT, request.getInputsCount());
    }
    InferInputTensor input = request.getInputs(0);
    if (!input.getDatatype().equals(BYTES)) {
      throw Refusal.invalid("input '%s' is of datatype %s", INPUT, BYTES);
    }
    int count = count(input.getShapeList());
    boolean raw = request.getRawInputContentsCount() > 0;
    if (raw && input.hasContents()) {
      throw Refusal.invalid("a request has raw contents or typed ones, not both");
    }
    if (raw && request.getRawInputContentsCount() != 1) {
      throw Refusal.invalid(
          "there are %d raw contents for 1 input", request.getRawInputContentsCount());
    }
    List<byte[]> rows = raw ? split(request.getRawInputContents(0), count) : typed(input);
    if (rows.size() != count) {
      throw Refusal.invalid("the shape says %d elements, there are %d", count, rows.size());
    }
    return rows;
  }

  private static int count(List<Long> shape) {
    boolean known = shape.size() == 1 || (shape.size() == 2 && shape.get(1) == 1);
    if (!known || shape.get(0) < 1 || shape.get(0) > MAX_ROWS) {
      throw Refusal.invalid(
          "the shape of '%s' is (N) or (N, 1) with N from 1 to %d", INPUT, MAX_ROWS);
    }
    return shape.get(0).intValue();
  }

  private static List<byte[]> typed(InferInputTensor input) {
    InferTensorContents contents = input.getContents();
    boolean others = contents.toBuilder().clearBytesContents().build().getSerializedSize() > 0;
    if (others) {
      throw Refusal.invalid("elements of %s go into bytes_contents alone", BYTES);
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

  /**
   * Adds an output.
   *
   * @param raw whether in the raw form
   */
  static void put(ModelInferResponse.Builder response, Output output, boolean raw) {
    ModelInferResponse.InferOutputTensor.Builder tensor = response.addOutputsBuilder();
    tensor.setName(output.name()).setDatatype(output.datatype()).addAllShape(output.shape());
    if (raw) {
      response.addRawOutputContents(output.raw());
    } else {
      tensor.setContents(output.typed());
    }
  }

  /** One output of a model for all rows of a request. */
  sealed interface Output {
    String name();

    String datatype();

    List<Long> shape();

    ByteString raw();

    InferTensorContents typed();
  }

  /** Probabilities, a row per input. */
  record Probabilities(double[][] scores) implements Output {
    @Override
    public String name() {
      return PROBABILITIES;
    }

    @Override
    public String datatype() {
      return FP32;
    }

    @Override
    public List<Long> shape() {
      return List.of((long) scores.length, (long) scores[0].length);
    }

    @Override
    public ByteString raw() {
      ByteBuffer buffer = little(scores.length * scores[0].length * Float.BYTES);
      for (double[] row : scores) {
        for (double score : row) {
          buffer.putFloat((float) score);
        }
      }
      return ByteString.copyFrom(buffer.flip());
    }

    @Override
    public InferTensorContents typed() {
      InferTensorContents.Builder contents = InferTensorContents.newBuilder();
      for (double[] row : scores) {
        for (double score : row) {
          contents.addFp32Contents((float) score);
        }
      }
      return contents.build();
    }
  }

  /** The most probable label of each input. */
  record Labels(List<String> labels) implements Output {
    @Override
    public String name() {
      return LABEL;
    }

    @Override
    public String datatype() {
      return BYTES;
    }

    @Override
    public List<Long> shape() {
      return List.of((long) labels.size());
    }

    @Override
    public ByteString raw() {
      List<byte[]> all =
          labels.stream().map(label -> label.getBytes(StandardCharsets.UTF_8)).toList();
      ByteBuffer buffer =
          little(all.stream().mapToInt(label -> Integer.BYTES + label.length).sum());
      all.forEach(label -> buffer.putInt(label.length).put(label));
      return ByteString.copyFrom(buffer.flip());
    }

    @Override
    public InferTensorContents typed() {
      InferTensorContents.Builder contents = InferTensorContents.newBuilder();
      labels.forEach(label -> contents.addBytesContents(ByteString.copyFromUtf8(label)));
      return contents.build();
    }
  }

  /** The predicted number of each input. */
  record Values(double[] values) implements Output {
    @Override
    public String name() {
      return VALUE;
    }

    @Override
    public String datatype() {
      return FP64;
    }

    @Override
    public List<Long> shape() {
      return List.of((long) values.length);
    }

    @Override
    public ByteString raw() {
      ByteBuffer buffer = little(values.length * Double.BYTES);
      for (double value : values) {
        buffer.putDouble(value);
      }
      return ByteString.copyFrom(buffer.flip());
    }

    @Override
    public InferTensorContents typed() {
      InferTensorContents.Builder contents = InferTensorContents.newBuilder();
      for (double value : values) {
        contents.addFp64Contents(value);
      }
      return contents.build();
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
