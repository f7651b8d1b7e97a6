package dev.graft.server;

import com.google.protobuf.ByteString;
import dev.graft.server.protocol.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What responses carry, in either form: typed contents, or raw ones, row-major and little endian,
 * where each element of BYTES follows its length in four bytes.
 *
 * <p>Outputs are {@value #PROBABILITIES}, FP32 (N, classes), and {@value #LABEL}, BYTES (N); or
 * {@value #VALUE}, FP64 (N), where the model predicts a number; or {@value #SPANS}, BYTES (N),
 * where it finds parts of its inputs: entities, answers to questions. {@link Inputs} reads
 * requests.
 */
final class Contents {

  static final String INPUT = "content";
  static final String PROBABILITIES = "probabilities";
  static final String LABEL = "label";
  static final String VALUE = "value";
  static final String SPANS = "spans";
  static final String BYTES = "BYTES";
  static final String FP32 = "FP32";
  static final String FP64 = "FP64";

  /** Most inputs in one request. */
  static final int MAX_ROWS = 1024;

  private Contents() {}

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

  /** A text for each input. */
  record Texts(String name, List<String> texts) implements Output {
    @Override
    public String datatype() {
      return BYTES;
    }

    @Override
    public List<Long> shape() {
      return List.of((long) texts.size());
    }

    @Override
    public ByteString raw() {
      List<byte[]> all = texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
      ByteBuffer buffer = little(all.stream().mapToInt(text -> Integer.BYTES + text.length).sum());
      all.forEach(text -> buffer.putInt(text.length).put(text));
      return ByteString.copyFrom(buffer.flip());
    }

    @Override
    public InferTensorContents typed() {
      InferTensorContents.Builder contents = InferTensorContents.newBuilder();
      texts.forEach(text -> contents.addBytesContents(ByteString.copyFromUtf8(text)));
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
