package dev.graft.infer;

import dev.graft.data.Example;
import dev.graft.model.HeadInput;
import dev.graft.model.Model;
import dev.graft.task.Task;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * The forward pass of a model, which is not freed while one runs. All examples of a call are one
 * batch; they have been transformed. Nothing native is left behind by a call.
 */
final class ForwardPass {

  private final OpenedModel opened;
  private final Runnable free;

  /** Who computes holds it for reading, who frees the model for writing. */
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  private volatile boolean closed;

  /**
   * Of a model.
   *
   * @param free frees it, once nobody computes any more
   */
  ForwardPass(OpenedModel opened, Runnable free) {
    this.opened = opened;
    this.free = free;
  }

  /** What the task says of each example. */
  double[][] scores(List<Example> ready) {
    return of(ready, inputs -> task().scores(opened.model().forward(inputs), inputs));
  }

  /**
   * The same of examples that come in parts: in one batch where all are whole, else in batches of
   * at most so many parts.
   *
   * @param read the parts of each example, one or more
   */
  double[][] scoresInParts(List<List<Example>> read, int most) {
    List<Example> parts = read.stream().flatMap(List::stream).toList();
    if (parts.size() == read.size()) {
      return scores(parts);
    }
    List<double[]> scores = new ArrayList<>();
    for (int from = 0; from < parts.size(); from += most) {
      scores.addAll(
          Arrays.asList(scores(parts.subList(from, Math.min(parts.size(), from + most)))));
    }
    double[][] whole = new double[read.size()][];
    int from = 0;
    for (int i = 0; i < whole.length; i++) {
      int to = from + read.get(i).size();
      whole[i] = task().ofParts(scores.subList(from, to));
      from = to;
    }
    return whole;
  }

  /** Adds what the task says of each example, and returns the mean loss. */
  double loss(List<Example> ready, double[][] targets, List<double[]> scores) {
    return of(
        ready,
        inputs -> {
          NamedTensors outputs = opened.model().forward(inputs);
          scores.addAll(Arrays.asList(task().scores(outputs, inputs)));
          return task().loss(outputs, task().targets(targets, inputs)).item();
        });
  }

  /** What the head reads of each example: one vector. */
  float[][] embeddings(List<Example> ready) {
    if (task().headInput() != HeadInput.EXAMPLE) {
      throw new IllegalArgumentException(
          "a model for %s has a vector for each position, none for the whole; embed with one that reads one vector per example, such as a classifier"
              .formatted(task().id()));
    }
    Model model = opened.model();
    return of(
        ready,
        inputs -> {
          Tensor features = model.forward(inputs, 0, model.groups().size() - 1).get("features");
          if (features.dim() != 2) {
            throw new IllegalArgumentException(
                "the features of %s have the shape %s, not one vector per example"
                    .formatted(model.spec().family(), Arrays.toString(features.shape())));
          }
          int size = (int) features.size(1);
          float[] all = features.toFloats();
          float[][] rows = new float[ready.size()][];
          Arrays.setAll(rows, i -> Arrays.copyOfRange(all, i * size, (i + 1) * size));
          return rows;
        });
  }

  private Task task() {
    return opened.task();
  }

  private <T> T of(List<Example> ready, Function<NamedTensors, T> forward) {
    inUse.readLock().lock();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      if (closed) {
        throw PredictorException.closed();
      }
      return forward.apply(opened.preprocessing().collate(ready));
    } finally {
      inUse.readLock().unlock();
    }
  }

  /** Begins nothing from now on. */
  void end() {
    closed = true;
  }

  /** Frees the model once what has begun is finished. */
  void free() {
    inUse.writeLock().lock();
    try {
      free.run();
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
