package com.example.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.protobuf.ByteString;
import dev.graft.server.protocol.GRPCInferenceServiceGrpc;
import dev.graft.server.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferRequest.InferInputTensor;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.RepositoryIndexRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lists the models of a server, reads what one takes and gives, and asks it about files: each alone
 * with typed contents, then all in one batch with raw contents.
 *
 * <pre>mvn -q compile exec:java -Dexec.args="127.0.0.1:8001 MODEL FILE..."</pre>
 */
public final class Infer {

  /** Seconds that a call may take. */
  private static final int DEADLINE = 10;

  private final GRPCInferenceServiceBlockingStub service;

  private Infer(ManagedChannel channel) {
    service = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  /** The arguments: HOST:PORT, the name of a model, files. */
  public static void main(String[] args) {
    if (args.length < 3) {
      System.err.println("usage: Infer HOST:PORT MODEL FILE...");
      System.exit(2);
    }
    ManagedChannel channel =
        Grpc.newChannelBuilder(args[0], InsecureChannelCredentials.create()).build();
    try {
      new Infer(channel).ask(args[1], List.of(args).subList(2, args.length));
    } catch (StatusRuntimeException e) {
      // Where there was no answer the cause says more than the description.
      String cause = e.getCause() == null ? "" : ", " + e.getCause().getMessage();
      System.err.println(e.getStatus().getCode() + ": " + e.getStatus().getDescription() + cause);
      System.exit(1);
    } catch (IOException e) {
      System.err.println("cannot read: " + e.getMessage());
      System.exit(1);
    } finally {
      channel.shutdownNow();
    }
  }

  private void ask(String model, List<String> files) throws IOException {
    List<ByteString> contents = new ArrayList<>();
    for (String file : files) {
      contents.add(ByteString.copyFrom(Files.readAllBytes(Path.of(file))));
    }
    RepositoryIndexRequest ready = RepositoryIndexRequest.newBuilder().setReady(true).build();
    System.out.println(
        service().repositoryIndex(ready).getModelsList().stream()
            .map(each -> each.getName() + " " + each.getVersion())
            .collect(Collectors.joining(", ", "models: ", "")));
    ModelMetadataRequest name = ModelMetadataRequest.newBuilder().setName(model).build();
    for (var input : service().modelMetadata(name).getInputsList()) {
      System.out.printf(
          "input %s: %s %s%n", input.getName(), input.getDatatype(), input.getShapeList());
    }
    for (int i = 0; i < files.size(); i++) {
      ModelInferResponse answer = service().modelInfer(typed(model, contents.get(i)));
      System.out.println(files.get(i) + ": " + lines(answer).get(0));
    }
    ModelInferResponse answer = service().modelInfer(raw(model, contents));
    System.out.println("batch: " + String.join(", ", lines(answer)));
  }

  /** The service for one call: the time of a deadline runs from here. */
  private GRPCInferenceServiceBlockingStub service() {
    return service.withDeadlineAfter(DEADLINE, SECONDS);
  }

  private static InferInputTensor.Builder input(int count) {
    return InferInputTensor.newBuilder().setName("content").setDatatype("BYTES").addShape(count);
  }

  private static ModelInferRequest typed(String model, ByteString content) {
    InferTensorContents typed = InferTensorContents.newBuilder().addBytesContents(content).build();
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(input(1).setContents(typed))
        .build();
  }

  /** Each element of BYTES follows its length in four bytes, little endian. */
  private static ModelInferRequest raw(String model, List<ByteString> contents) {
    ByteString raw = ByteString.EMPTY;
    for (ByteString content : contents) {
      ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      length.putInt(content.size()).flip();
      raw = raw.concat(ByteString.copyFrom(length)).concat(content);
    }
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(input(contents.size()))
        .addRawInputContents(raw)
        .build();
  }

  /** What was said of each input: the label and its probability, or the number. */
  private static List<String> lines(ModelInferResponse answer) {
    Map<String, List<?>> outputs = new HashMap<>();
    for (int i = 0; i < answer.getOutputsCount(); i++) {
      outputs.put(answer.getOutputs(i).getName(), elements(answer, i));
    }
    if (outputs.containsKey("value")) {
      return outputs.get("value").stream().map(Object::toString).toList();
    }
    List<?> labels = outputs.get("label");
    List<?> probabilities = outputs.get("probabilities");
    int classes = probabilities.size() / labels.size();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      double best =
          probabilities.subList(i * classes, (i + 1) * classes).stream()
              .mapToDouble(each -> ((Number) each).doubleValue())
              .max()
              .orElseThrow();
      lines.add(String.format(Locale.ROOT, "%s %.3f", labels.get(i), best));
    }
    return lines;
  }

  /** The elements of an output, which is raw where the request was. */
  private static List<?> elements(ModelInferResponse answer, int index) {
    String datatype = answer.getOutputs(index).getDatatype();
    if (answer.getRawOutputContentsCount() == 0) {
      InferTensorContents typed = answer.getOutputs(index).getContents();
      return switch (datatype) {
        case "FP32" -> typed.getFp32ContentsList();
        case "FP64" -> typed.getFp64ContentsList();
        default -> typed.getBytesContentsList().stream().map(ByteString::toStringUtf8).toList();
      };
    }
    ByteBuffer bytes = answer.getRawOutputContents(index).asReadOnlyByteBuffer();
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    List<Object> elements = new ArrayList<>();
    while (bytes.hasRemaining()) {
      switch (datatype) {
        case "FP32" -> elements.add(bytes.getFloat());
        case "FP64" -> elements.add(bytes.getDouble());
        default -> {
          byte[] text = new byte[bytes.getInt()];
          bytes.get(text);
          elements.add(new String(text, UTF_8));
        }
      }
    }
    return elements;
  }
}
