package dev.graft.infer;

import dev.graft.data.Example;
import dev.graft.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Parts of one example that wait in a queue each for itself, and are answered as one. */
final class QueuedParts {

  private final Task task;
  private final List<CompletableFuture<double[]>> answers = new ArrayList<>();

  private QueuedParts(Task task) {
    this.task = task;
  }

  /**
   * Hands in the parts of an example: all of them or none.
   *
   * @param told how each of them was computed
   * @throws PredictorException if the queue is closed or has no room for one of them
   */
  static CompletableFuture<double[]> submit(
      Task task,
      List<Example> parts,
      Gathering<Example> queue,
      Urgency urgency,
      Consumer<Computation> told) {
    if (parts.size() == 1) {
      return queue.submit(parts.get(0), urgency, told);
    }
    QueuedParts queued = new QueuedParts(task);
    try {
      for (Example part : parts) {
        queued.answers.add(queue.submit(part, urgency, told));
      }
    } catch (PredictorException e) {
      queued.cancel();
      throw e;
    }
    return queued.joined();
  }

  private CompletableFuture<double[]> joined() {
    CompletableFuture<double[]> whole = new CompletableFuture<>();
    var unused =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .whenComplete((done, problem) -> complete(whole, problem));
    var unusedEither =
        whole.whenComplete(
            (scores, problem) -> {
              if (whole.isCancelled()) {
                cancel();
              }
            });
    return whole;
  }

  private void complete(CompletableFuture<double[]> whole, Throwable problem) {
    if (problem == null) {
      whole.complete(task.ofParts(answers.stream().map(CompletableFuture::join).toList()));
    } else {
      boolean wrapped = problem instanceof CompletionException && problem.getCause() != null;
      whole.completeExceptionally(wrapped ? problem.getCause() : problem);
      cancel();
    }
  }

  private void cancel() {
    answers.forEach(answer -> answer.cancel(true));
  }
}
