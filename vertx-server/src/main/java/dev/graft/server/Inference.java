package dev.graft.server;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Example;
import dev.graft.infer.PredictorException;
import dev.graft.infer.Urgency;
import dev.graft.server.access.Refusal;
import dev.graft.server.operations.ServerMetrics;
import dev.graft.server.operations.Tracing;
import dev.graft.server.protocol.ModelConfig;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelMetadataResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers requests of the protocol, however they came in. */
final class Inference {

  /**
   * What a model says of the inputs of a request, in their order.
   *
   * @param examples the inputs as decoded, where something is to be found in them: images are not
   *     kept longer than they wait
   */
  private record Scored(List<Example> examples, double[][] scores) {}

  /** The same before it is there. */
  private record Submitted(List<Example> examples, List<CompletableFuture<double[]>> answers) {}

  private final Vertx vertx;

  /** Decodes, on as many threads as there are processors: more would only overtake each other. */
  private final WorkerExecutor decoders;

  private final ModelRepository models;
  private final ServerMetrics metrics;
  private final Optional<Tracing> tracing;
  private final Clock clock;

  Inference(Vertx vertx, ModelRepository models, ServerMetrics metrics, Clock clock) {
    this.vertx = vertx;
    this.decoders =
        vertx.createSharedWorkerExecutor(
            "graft-decode", Runtime.getRuntime().availableProcessors());
    this.models = models;
    this.metrics = metrics;
    this.tracing = Tracing.of(vertx);
    this.clock = clock;
  }

  /** What a model takes and gives. */
  Future<ModelMetadataResponse> metadata(String name, String version) {
    return model(name, version).map(Descriptions::metadata);
  }

  /** A model that answers, loaded if it was away. */
  private Future<ServedModel> model(String name, String version) {
    return models.isAway(name, version)
        ? vertx.executeBlocking(() -> models.fetch(name, version), /* ordered= */ false)
        : Future.succeededFuture(models.model(name, version));
  }

  /** The same as Triton's clients read it, with the labels and the kind of input. */
  Future<ModelConfig> config(String name, String version) {
    return model(name, version).map(Descriptions::config);
  }

  /**
   * Predicts. Decoding runs on worker threads, the model on the thread of its predictor, where rows
   * of many requests are computed together. Inputs that nobody waits for any more are not computed.
   *
   * @return fails with a {@link Refusal} where the request cannot be answered
   */
  Future<Answer> infer(ModelInferRequest request, Caller caller) {
    Optional<String> adapter = Parameters.adapter(request);
    String name =
        adapter.isPresent()
            ? models.adapter(request.getModelName(), adapter.get())
            : request.getModelName();
    return model(name, request.getModelVersion()).compose(model -> infer(model, request, caller));
  }

  private Future<Answer> infer(ServedModel model, ModelInferRequest request, Caller caller) {
    Stages stages = new Stages();
    Future<Answer> answer;
    try {
      Outputs.check(model, request);
      Urgency urgency = Parameters.urgency(request, caller.deadline());
      List<Inputs.Row> rows = Inputs.rows(request, model.predictor().tensorInputs());
      answer =
          within(model, request, rows.size(), let -> scores(let, rows, urgency, caller, stages));
    } catch (Refusal e) {
      answer = Future.failedFuture(e);
    }
    return answer
        .recover(failure -> Future.failedFuture(refusal(failure, caller)))
        .onSuccess(done -> model.answered(done.rows(), stages.total(), stages, clock.millis()))
        .onSuccess(done -> tracing.ifPresent(told -> stages.tell(told, model)))
        .onFailure(failure -> model.failed(failure, stages.total()));
  }

  /**
   * Lets inputs into a model, or into the one that has taken its place, until they are answered.
   */
  private Future<Answer> within(
      ServedModel found,
      ModelInferRequest request,
      int inputs,
      Function<ServedModel, Future<Scored>> scores) {
    ServedModel model = found;
    while (!model.enter(inputs)) {
      ServedModel next = models.model(model.name(), request.getModelVersion());
      if (next == model) {
        throw Refusal.unavailable("model '%s' is being closed; try again", model.name());
      }
      model = next;
    }
    ServedModel let = model;
    return scores
        .apply(let)
        .onComplete(done -> let.leave(inputs))
        .compose(scored -> told(request, let, scored));
  }

  /** The answer, on a worker where it takes more than copying numbers. */
  private Future<Answer> told(ModelInferRequest request, ServedModel model, Scored scored) {
    return Outputs.areNumbers(model)
        ? Future.succeededFuture(answer(request, model, scored))
        : decoders.executeBlocking(() -> answer(request, model, scored), /* ordered= */ false);
  }

  /**
   * Decodes and submits on a worker: transforming an image takes milliseconds that an event loop
   * does not have. The answers come back to the caller's context, so that the thread that computes
   * goes on to the next batch.
   */
  private Future<Scored> scores(
      ServedModel model, List<Inputs.Row> rows, Urgency urgency, Caller caller, Stages stages) {
    Context context = vertx.getOrCreateContext();
    return decoders
        .executeBlocking(
            () -> {
              List<Example> examples = decode(model, rows, caller);
              List<CompletableFuture<double[]>> answers = submit(model, examples, urgency, stages);
              return new Submitted(Outputs.areNumbers(model) ? List.of() : examples, answers);
            },
            /* ordered= */ false)
        .recover(failure -> Future.failedFuture(badInput(failure)))
        .compose(
            submitted ->
                together(submitted.answers(), context, caller)
                    .map(scores -> new Scored(submitted.examples(), scores)));
  }

  private static List<Example> decode(ServedModel model, List<Inputs.Row> rows, Caller caller)
      throws CorruptExampleException {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (caller.isGone()) {
        throw caller.refusal();
      }
      examples.add(rows.get(i).example(model.predictor(), "input " + i));
    }
    return examples;
  }

  private List<CompletableFuture<double[]>> submit(
      ServedModel model, List<Example> examples, Urgency urgency, Stages stages) {
    List<CompletableFuture<double[]>> answers = new ArrayList<>();
    String batches = model.base().orElse(model.name());
    try {
      for (Example example : examples) {
        answers.add(
            model
                .predictor()
                .submit(
                    example,
                    urgency,
                    computation -> {
                      stages.computed(computation);
                      metrics.computed(batches, computation);
                    }));
      }
      stages.decoded();
      return answers;
    } catch (RuntimeException e) {
      leave(answers);
      throw e;
    }
  }

  private static void leave(List<CompletableFuture<double[]>> answers) {
    answers.forEach(answer -> answer.cancel(false));
  }

  /** All or nothing: if one fails, or nobody waits, the others leave the queue. */
  private static Future<double[][]> together(
      List<CompletableFuture<double[]>> answers, Context context, Caller caller) {
    caller.whenGone(() -> leave(answers));
    return Future.all(
            answers.stream().map(answer -> Future.fromCompletionStage(answer, context)).toList())
        .onFailure(failure -> leave(answers))
        .map(all -> all.<double[]>list().toArray(double[][]::new));
  }

  /** What a client is told about a failure; failures that are ours go on as they are. */
  private static Throwable refusal(Throwable failure, Caller caller) {
    if (failure instanceof PredictorException e) {
      return switch (e.reason()) {
        case OVERLOADED -> Refusal.overloaded("too many requests wait; try again later");
        case LATE -> Refusal.late("there would be no answer before the deadline");
        default -> Refusal.unavailable("the model is being closed; try again");
      };
    }
    if (failure instanceof CancellationException) {
      return caller.refusal();
    }
    return failure;
  }

  /**
   * What decoding and transforming say about an input is for its client; what computing says is
   * not, see {@link #refusal}.
   */
  private static Throwable badInput(Throwable failure) {
    return failure instanceof CorruptExampleException || failure instanceof IllegalArgumentException
        ? Refusal.invalid("%s", failure.getMessage())
        : failure;
  }

  private static Answer answer(ModelInferRequest request, ServedModel model, Scored scored) {
    Map<String, Contents.Output> outputs = new LinkedHashMap<>();
    for (Contents.Output output : Outputs.holding(model, scored.examples(), scored.scores())) {
      outputs.put(output.name(), output);
    }
    return new Answer(
        request,
        model.version(),
        request.getOutputsCount() == 0
            ? List.copyOf(outputs.values())
            : request.getOutputsList().stream()
                .map(asked -> outputs.get(asked.getName()))
                .toList());
  }
}
