package dev.graft.infer;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleException;
import dev.graft.bundle.Manifest;
import dev.graft.data.CorruptExampleException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.TensorInput;
import dev.graft.registry.Registry;
import dev.graft.task.Task;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Predicts with one bundle. Safe for any number of threads.
 *
 * <p>There are two ways in. {@link #predict(String, byte[], int)} and {@link #submit} are for
 * services: single requests of many threads are gathered into batches and computed on one thread;
 * decoding stays on the thread that calls. The other methods are for who has many inputs at hand:
 * they compute on the calling thread at once. Either way nothing native is left behind by a call.
 *
 * <p>A call that meets {@link #close} is answered or ends with a {@link PredictorException}.
 *
 * <p>The file is long because every way in stands in it, half of it as documentation; what is
 * computed stands in {@link ForwardPass}, {@link BatchQueue} and {@link Answers}.
 */
public final class Predictor implements AutoCloseable {

  private final Manifest manifest;
  private final OpenedModel opened;
  private final PredictorOptions options;

  private final ForwardPass pass;

  private final Object queueLock = new Object();
  private boolean closed;
  private Gathering<Example> queue;
  private boolean hurried;

  private Predictor(
      Manifest manifest, OpenedModel opened, PredictorOptions options, Runnable free) {
    this.manifest = manifest;
    this.opened = opened;
    this.options = options;
    this.pass = new ForwardPass(opened, free);
  }

  /** A predictor with a model and a queue of its own. */
  static Predictor alone(Manifest manifest, OpenedModel opened, PredictorOptions options) {
    return new Predictor(manifest, opened, options, opened::close);
  }

  /**
   * A predictor whose requests are computed together with others'.
   *
   * @param opened its model is closed with this, its preprocessing is somebody else's
   */
  static Predictor within(
      Manifest manifest, OpenedModel opened, PredictorOptions options, Gathering<Example> queue) {
    Predictor predictor = new Predictor(manifest, opened, options, opened.model()::close);
    predictor.queue = queue;
    return predictor;
  }

  /** Opens a bundle's model with the default options. */
  public static Predictor open(Bundle bundle, Registry registry) throws IOException {
    return open(bundle, registry, PredictorOptions.defaults());
  }

  /**
   * Opens a bundle's model.
   *
   * @throws BundleException if a plugin that the bundle names is absent, or what it says does not
   *     fit together
   * @throws IllegalArgumentException if the model does not do the task that was asked for; the
   *     message lists what it does
   */
  public static Predictor open(Bundle bundle, Registry registry, PredictorOptions options)
      throws IOException {
    OpenedModel opened = OpenedModel.open(bundle, registry, options.foldNorms());
    try {
      return alone(bundle.manifest(), opened.withTask(options.task()), options);
    } catch (IllegalArgumentException e) {
      opened.close();
      throw e;
    }
  }

  /** What the bundle says about itself. */
  public Manifest manifest() {
    return manifest;
  }

  /** What the model does. */
  public Task task() {
    return opened.task();
  }

  // ---- single requests, gathered into batches ----

  /**
   * Predicts for one input as a client sends it: the bytes of an image, a row, a text. Waits for
   * the answer.
   *
   * @param top number of classes to return, at least 1
   * @throws PredictorException if it is closed or overloaded
   */
  public Prediction predict(String id, byte[] content, int top) throws IOException {
    try {
      return submit(decode(id, content), top).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PredictorException.interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Predicts for one decoded example without waiting. What is chained to the answer runs on the
   * thread that computes, so that long work belongs to an executor of its own.
   *
   * @param top number of classes to return, at least 1
   * @throws PredictorException if it is closed or overloaded
   */
  public CompletableFuture<Prediction> submit(Example example, int top) {
    check(top);
    return submit(example).thenApply(scores -> answer(example, scores, top));
  }

  /** The same with all scores as the task gives them, for example a probability per label. */
  public CompletableFuture<double[]> submit(Example example) {
    return submit(example, Urgency.ORDINARY);
  }

  /**
   * The same, sooner or later than others. Who cancels the answer takes the example out of the
   * queue.
   */
  public CompletableFuture<double[]> submit(Example example, Urgency urgency) {
    return submit(example, urgency, told -> {});
  }

  /**
   * The same, with how it was computed.
   *
   * @param told is called on the thread that computes before the answer is there, for each part of
   *     the example, and not where nothing is computed; it must be quick and must not throw
   */
  public CompletableFuture<double[]> submit(
      Example example, Urgency urgency, Consumer<Computation> told) {
    Gathering<Example> gathering = queue(); // says so where this is closed, as its parts are
    List<Example> parts = task().parts(example, opened.preprocessing());
    return QueuedParts.submit(task(), parts, gathering, urgency, told);
  }

  /**
   * What scores say of an example.
   *
   * @param scores as {@link #submit(Example)} gives them for it
   * @param top number of labels, at least 1, where the task gives labels to examples
   */
  public Prediction answer(Example example, double[] scores, int top) {
    check(top);
    return new Answers(task(), opened.modality()).of(example, scores, top);
  }

  /**
   * Decodes one input as a client sends it: the bytes of an image, a row, a text.
   *
   * @throws CorruptExampleException if the content cannot be read
   */
  public Example decode(String id, byte[] content) throws CorruptExampleException {
    return opened.modality().decode(id, content);
  }

  /** Tensors that may be given in place of raw content. */
  public List<TensorInput> tensorInputs() {
    return opened.preprocessing().tensorInputs();
  }

  /**
   * The example that a row of {@link #tensorInputs()} stands for.
   *
   * @throws IllegalArgumentException if values are out of range
   */
  public Example example(String id, Map<String, HostTensor> row) {
    return opened.preprocessing().ofTensors(id, row);
  }

  private Gathering<Example> queue() {
    synchronized (queueLock) {
      if (closed) {
        throw PredictorException.closed();
      }
      if (queue == null) {
        queue = new BatchQueue<Example>(options, opened.preprocessing()::bucket, pass::scores);
        if (hurried) {
          queue.hurry();
        }
      }
      return queue;
    }
  }

  // ---- many inputs at once, on the calling thread ----

  /**
   * Predicts for files.
   *
   * @param top number of classes to return per file, at least 1
   */
  public List<Prediction> predict(List<Path> files, int top) throws IOException {
    check(top);
    return inBatches(
        files,
        file -> decode(file.toString(), Files.readAllBytes(file)),
        examples -> predictExamples(examples, top));
  }

  /**
   * Predicts for inputs as a person gives them: names of files, or the inputs themselves where they
   * can be typed and no file has that name.
   *
   * @param top number of classes to return per input, at least 1
   */
  public List<Prediction> predictInputs(List<String> inputs, int top) throws IOException {
    check(top);
    return inBatches(inputs, this::typed, examples -> predictExamples(examples, top));
  }

  /** The {@linkplain #embeddings embeddings} of inputs as a person gives them, one per input. */
  public List<float[]> embedInputs(List<String> inputs) throws IOException {
    return inBatches(inputs, this::typed, examples -> List.of(embeddings(examples)));
  }

  /** Reads an input. */
  private interface Decoding<I> {
    Example decode(I input) throws IOException;
  }

  private <I, R> List<R> inBatches(
      List<I> inputs, Decoding<I> decoding, Function<List<Example>, List<R>> answer)
      throws IOException {
    List<R> result = new ArrayList<>();
    for (int from = 0; from < inputs.size(); from += options.maxBatch()) {
      List<Example> examples = new ArrayList<>();
      for (I input : inputs.subList(from, Math.min(inputs.size(), from + options.maxBatch()))) {
        examples.add(decoding.decode(input));
      }
      result.addAll(answer.apply(examples));
    }
    return result;
  }

  private Example typed(String input) throws IOException {
    return decode(input, content(input));
  }

  private byte[] content(String input) throws IOException {
    Optional<byte[]> typed = opened.modality().typed(input);
    return typed.isPresent() && !isFile(input) ? typed.get() : Files.readAllBytes(Path.of(input));
  }

  private static boolean isFile(String input) {
    try {
      return Files.isRegularFile(Path.of(input));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Predicts for decoded examples, all in one batch, but for those that are read in parts.
   *
   * @param top number of classes to return per example, at least 1
   */
  public List<Prediction> predictExamples(List<Example> examples, int top) {
    check(top);
    double[][] scores = scores(examples);
    return IntStream.range(0, scores.length)
        .mapToObj(i -> answer(examples.get(i), scores[i], top))
        .toList();
  }

  /** Scores of decoded examples, all in one batch, as the task gives them. */
  public double[][] scores(List<Example> examples) {
    if (examples.isEmpty()) {
      return new double[0][];
    }
    return pass.scoresInParts(
        examples.stream().map(each -> task().parts(each, opened.preprocessing())).toList(),
        options.maxBatch());
  }

  /**
   * What the head reads of decoded examples, all in one batch: the features of each, (D), as the
   * network makes them, not scaled to a length.
   *
   * @throws IllegalArgumentException if the model has features of positions alone, as one that tags
   *     words
   */
  public float[][] embeddings(List<Example> examples) {
    return examples.isEmpty()
        ? new float[0][]
        : pass.embeddings(
            examples.stream().map(opened.preprocessing().evalTransform()::apply).toList());
  }

  /** Evaluates on labelled data, decoding on as many threads as there are processors. */
  public EvaluationResult evaluate(Dataset data) {
    ExecutorService decoders =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      return evaluate(data, decoders);
    } finally {
      decoders.shutdownNow();
    }
  }

  /**
   * Evaluates on labelled data. Examples that cannot be read are skipped and named.
   *
   * @param data with classes that the task knows, in any order
   * @param decoders decode and transform examples
   * @throws IllegalArgumentException if the data have other classes, a target is missing, or no
   *     example can be read
   * @throws UncheckedIOException if the storage fails
   */
  public EvaluationResult evaluate(Dataset data, ExecutorService decoders) {
    return EvaluationResult.of(data, opened, pass, options.maxBatch(), decoders);
  }

  private static void check(int top) {
    if (top < 1) {
      throw new IllegalArgumentException("the top %d classes; ask for 1 or more".formatted(top));
    }
  }

  /** Number of batches that single requests have been computed in. */
  public long batches() {
    synchronized (queueLock) {
      return queue == null ? 0 : queue.batches();
    }
  }

  /**
   * From now on does not let single requests wait for others to join them: it is to be closed as
   * soon as those there are have been answered.
   */
  public void hurry() {
    synchronized (queueLock) {
      hurried = true;
      if (queue != null) {
        queue.hurry();
      }
    }
  }

  /**
   * Frees the model. Computations that have begun are finished and answered; requests that still
   * wait, and later ones, end with a {@link PredictorException}.
   */
  @Override
  public void close() {
    Gathering<Example> last;
    synchronized (queueLock) {
      if (closed) {
        return;
      }
      closed = true;
      pass.end();
      last = queue;
    }
    if (last != null) {
      last.close();
    }
    pass.free();
  }
}
