package dev.graft.server;

import dev.graft.data.Example;
import dev.graft.data.TargetKind;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelMetadataResponse.TensorMetadata;
import dev.graft.task.Metrics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a model answers, as outputs of the protocol: which there are follows from its task. */
final class Outputs {

  /** What the targets of models are that are served. */
  static final Set<TargetKind> SERVED =
      Set.of(
          TargetKind.CLASS,
          TargetKind.LABELS,
          TargetKind.NUMBER,
          TargetKind.TAGS,
          TargetKind.ANSWERS);

  private Outputs() {}

  /** The outputs of a model with their types and shapes; the first size is that of the inputs. */
  static List<TensorMetadata> of(ServedModel model) {
    return switch (kind(model)) {
      case NUMBER -> List.of(Descriptions.tensor(Contents.VALUE, Contents.FP64, -1));
      case TAGS, ANSWERS -> List.of(Descriptions.tensor(Contents.SPANS, Contents.BYTES, -1));
      default ->
          List.of(
              Descriptions.tensor(Contents.PROBABILITIES, Contents.FP32, -1, model.labels().size()),
              Descriptions.tensor(Contents.LABEL, Contents.BYTES, -1));
    };
  }

  private static TargetKind kind(ServedModel model) {
    return model.predictor().task().targetKind();
  }

  /**
   * Looks at which outputs a request wants.
   *
   * @throws Refusal if the model does not have one of them
   */
  static void check(ServedModel model, ModelInferRequest request) {
    if (request.getOutputsCount() == 0) {
      return; // all of them, as most requests want
    }
    List<String> known = of(model).stream().map(TensorMetadata::getName).toList();
    request
        .getOutputsList()
        .forEach(
            output -> {
              if (!known.contains(output.getName())) {
                throw Refusal.invalid("a requested output is not among %s", known);
              }
            });
  }

  /** True if the outputs of a model are its scores, and nothing is to be found in them. */
  static boolean areNumbers(ServedModel model) {
    TargetKind kind = kind(model);
    return kind != TargetKind.TAGS && kind != TargetKind.ANSWERS;
  }

  /**
   * All outputs of a model, in the order of {@link #of}.
   *
   * @param examples the inputs as decoded; not looked at where the outputs {@linkplain #areNumbers
   *     are numbers}
   * @param scores a row per input
   */
  static List<Contents.Output> holding(
      ServedModel model, List<Example> examples, double[][] scores) {
    return switch (kind(model)) {
      case NUMBER ->
          List.of(new Contents.Values(Arrays.stream(scores).mapToDouble(row -> row[0]).toArray()));
      case TAGS, ANSWERS ->
          List.of(new Contents.Texts(Contents.SPANS, spans(model.predictor(), examples, scores)));
      default ->
          List.of(
              new Contents.Probabilities(scores),
              new Contents.Texts(
                  Contents.LABEL,
                  Arrays.stream(scores)
                      .map(row -> model.labels().get(Metrics.argmax(row)))
                      .toList()));
    };
  }

  /** JSON with the fields of {@link Prediction.Span}. */
  private static List<String> spans(
      Predictor predictor, List<Example> examples, double[][] scores) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      JsonArray spans = new JsonArray();
      for (Prediction.Span span : predictor.answer(examples.get(i), scores[i], 1).spans()) {
        spans.add(
            new JsonObject()
                .put("label", span.label())
                .put("text", span.text())
                .put("from", span.from())
                .put("to", span.to())
                .put("probability", span.probability()));
      }
      texts.add(spans.encode());
    }
    return texts;
  }
}
