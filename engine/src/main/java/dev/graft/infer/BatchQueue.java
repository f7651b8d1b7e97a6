package dev.graft.infer;

import dev.graft.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Gathers the single requests of many threads into batches and answers them on one thread of its
 * own.
 *
 * <p>A batch starts with the request that waited longest, and is computed as soon as it is full or
 * that request has waited its time; what arrives during a computation is the next batch. Each
 * accepted request is answered or fails, also when the queue is closed.
 */
final class BatchQueue implements AutoCloseable {

  private final PredictorOptions options;
  private final Function<List<Example>, double[][]> compute;
  private final BlockingQueue<Request> waiting;
  private final Thread worker;
  private volatile boolean closed;

  private record Request(Example example, long arrived, CompletableFuture<double[]> answer) {

    void refuse() {
      answer.completeExceptionally(PredictorException.closed());
    }
  }

  /**
   * Starts the thread.
   *
   * @param compute rows of scores for examples that are ready for the model
   */
  BatchQueue(PredictorOptions options, Function<List<Example>, double[][]> compute) {
    this.options = options;
    this.compute = compute;
    this.waiting = new ArrayBlockingQueue<>(options.capacity());
    this.worker = options.threads().newThread(this::work);
    worker.start();
  }

  /**
   * Hands in an example that is ready for the model.
   *
   * @throws PredictorException if the queue is closed or full
   */
  CompletableFuture<double[]> submit(Example example) {
    Request request = new Request(example, System.nanoTime(), new CompletableFuture<>());
    if (closed) {
      throw PredictorException.closed();
    }
    if (!waiting.offer(request)) {
      throw PredictorException.overloaded(options.capacity());
    }
    if (closed) {
      // The worker may have gone through the queue for the last time just before the offer.
      request.refuse();
    }
    return request.answer;
  }

  private void work() {
    List<Request> batch = new ArrayList<>();
    while (!closed) {
      try {
        gather(batch);
      } catch (InterruptedException e) {
        continue; // close() interrupts; anybody else's interrupt means nothing here
      }
      answer(batch);
      batch.clear();
    }
    batch.forEach(Request::refuse);
    refuseWaiting();
  }

  private void gather(List<Request> batch) throws InterruptedException {
    if (batch.isEmpty()) {
      batch.add(waiting.take());
    }
    long until = batch.get(0).arrived + options.maxDelay().toNanos();
    waiting.drainTo(batch, options.maxBatch() - batch.size());
    while (batch.size() < options.maxBatch()) {
      Request next = waiting.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return;
      }
      batch.add(next);
    }
  }

  private void answer(List<Request> batch) {
    batch.removeIf(request -> request.answer.isDone());
    if (batch.isEmpty()) {
      return;
    }
    double[][] rows;
    try {
      rows = compute.apply(batch.stream().map(Request::example).toList());
    } catch (Throwable e) { // whatever it is, it belongs to those who wait, not to this thread
      if (batch.size() == 1) {
        batch.get(0).answer.completeExceptionally(e);
      } else {
        // One of them spoils the batch; the others shall not suffer for it.
        batch.forEach(request -> answer(new ArrayList<>(List.of(request))));
      }
      return;
    }
    for (int i = 0; i < rows.length; i++) {
      batch.get(i).answer.complete(rows[i]);
    }
  }

  private void refuseWaiting() {
    for (Request request = waiting.poll(); request != null; request = waiting.poll()) {
      request.refuse();
    }
  }

  /** Refuses what waits, and returns when the thread computes no more. */
  @Override
  public void close() {
    closed = true;
    worker.interrupt();
    boolean interrupted = false;
    // An answer's continuation, which runs on the worker, may be what closes.
    while (worker.isAlive() && Thread.currentThread() != worker) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
