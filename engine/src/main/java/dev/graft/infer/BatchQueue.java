package dev.graft.infer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Gathers the single requests of many threads into batches and answers them on one thread of its
 * own.
 *
 * <p>A batch is computed as soon as it would be full, or the request that waited longest has waited
 * its time, or half of the time until somebody's deadline; what arrives during a computation is the
 * next batch. The most urgent are taken first, and among those the ones that came first; with the
 * first go only those of its own bucket, so that short texts are not padded to a long one. A
 * request that is cancelled leaves the queue at once. One whose deadline would pass while it is
 * computed, by what computations took lately, is refused instead. Each accepted request is answered
 * or fails, also when the queue is closed.
 */
final class BatchQueue<R> implements Gathering<R> {

  /** Computations whose times tell how long the next one will take. */
  private static final int REMEMBERED = 15;

  /** Nanoseconds that an answer is begun before its deadline, beside what it takes. */
  private static final long MARGIN = 1_000_000;

  private static final Comparator<Request<?>> ORDER =
      Comparator.comparingInt((Request<?> request) -> request.urgency.priority())
          .thenComparingLong(request -> request.number);

  private final PredictorOptions options;
  private final ToIntFunction<R> buckets;
  private final Function<List<R>, double[][]> compute;
  private final Thread worker;

  /** Guards what follows. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final TreeSet<Request<R>> waiting = new TreeSet<>(ORDER);
  private boolean closed;
  private boolean hurried;
  private long submitted;

  private final AtomicLong batches = new AtomicLong();

  /** Nanoseconds of the last computations; only the worker knows them. */
  private final Deque<Long> times = new ArrayDeque<>();

  /** One that waits; equal to itself alone. */
  private static final class Request<R> {

    private final R input;
    private final Urgency urgency;
    private final int bucket;
    private final long number;
    private final Consumer<Computation> told;
    private final long arrived = System.nanoTime();
    private final CompletableFuture<double[]> answer = new CompletableFuture<>();

    Request(R input, Urgency urgency, int bucket, long number, Consumer<Computation> told) {
      this.input = input;
      this.urgency = urgency;
      this.bucket = bucket;
      this.number = number;
      this.told = told;
    }

    void refuse(PredictorException why) {
      answer.completeExceptionally(why);
    }
  }

  /**
   * Starts the thread.
   *
   * @param buckets number of the bucket of an input
   * @param compute rows of scores for inputs that are ready for the model
   */
  BatchQueue(
      PredictorOptions options, ToIntFunction<R> buckets, Function<List<R>, double[][]> compute) {
    this.options = options;
    this.buckets = buckets;
    this.compute = compute;
    this.worker = options.threads().newThread(this::work);
    worker.start();
  }

  @Override
  public CompletableFuture<double[]> submit(R input, Urgency urgency, Consumer<Computation> told) {
    Request<R> request;
    int bucket = buckets.applyAsInt(input);
    lock.lock();
    try {
      if (closed) {
        throw PredictorException.closed();
      }
      if (waiting.size() == options.capacity()) {
        throw PredictorException.overloaded(options.capacity());
      }
      request = new Request<>(input, urgency, bucket, submitted++, told);
      waiting.add(request);
      boolean full = waiting.size() >= options.maxBatch();
      if (full || waiting.size() == 1 || urgency.deadline().isPresent()) {
        changed.signal(); // one more of the others changes nothing: the worker waits for time
      }
    } finally {
      lock.unlock();
    }
    var unused =
        request.answer.whenComplete(
            (row, failure) -> {
              if (request.answer.isCancelled()) {
                leave(request);
              }
            });
    return request.answer;
  }

  private void leave(Request<R> request) {
    lock.lock();
    try {
      waiting.remove(request);
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    boolean open = true;
    while (open) {
      try {
        List<Request<R>> batch = new ArrayList<>();
        open = gather(batch);
        answer(inTime(batch));
      } catch (InterruptedException e) {
        // close() says so itself; anybody else's interrupt means nothing here.
      }
    }
  }

  /** Takes the next batch, which is empty if all have left; false when the queue is closed. */
  private boolean gather(List<Request<R>> batch) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && waiting.isEmpty()) {
        changed.await();
      }
      long left = patience();
      while (!closed && !waiting.isEmpty() && waiting.size() < options.maxBatch() && left > 0) {
        var unused = changed.awaitNanos(left);
        left = patience();
      }
      Iterator<Request<R>> next = waiting.iterator();
      while (!closed && next.hasNext() && batch.size() < options.maxBatch()) {
        Request<R> request = next.next();
        if (batch.isEmpty() || request.bucket == batch.get(0).bucket) {
          batch.add(request);
          next.remove();
        }
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds for which a batch may wait to be filled. */
  private long patience() {
    if (hurried) {
      return 0;
    }
    long now = System.nanoTime();
    long delay = options.maxDelay().toNanos();
    long margin = 2 * expected() + MARGIN;
    long least = delay;
    for (Request<R> request : waiting) {
      least = Math.min(least, request.arrived + delay - now);
      if (request.urgency.deadline().isPresent()) {
        long deadline = request.urgency.deadline().getAsLong();
        // The other half is for what nobody has measured: a first computation, the way back.
        long half = request.arrived + (deadline - request.arrived) / 2;
        least = Math.min(least, Math.min(half, deadline - margin) - now);
      }
    }
    return least;
  }

  /** Refuses those of a batch that cannot be answered in time. */
  private List<Request<R>> inTime(List<Request<R>> batch) {
    long end = System.nanoTime() + expected();
    List<Request<R>> kept = new ArrayList<>();
    for (Request<R> request : batch) {
      if (request.urgency.isMissed(end)) {
        request.refuse(PredictorException.late());
      } else {
        kept.add(request);
      }
    }
    if (kept.isEmpty() && !batch.isEmpty()) {
      // Times that refuse everybody are never replaced by new ones; so forget one each time.
      times.pollFirst();
    }
    return kept;
  }

  /** Median of what the last computations took, in nanoseconds; 0 before the first. */
  private long expected() {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private void answer(List<Request<R>> batch) {
    batch.removeIf(request -> request.answer.isDone());
    if (batch.isEmpty()) {
      return;
    }
    long begin = System.nanoTime();
    double[][] rows;
    try {
      rows = compute.apply(batch.stream().map(request -> request.input).toList());
    } catch (Throwable e) { // whatever it is, it belongs to those who wait, not to this thread
      if (batch.size() == 1) {
        batch.get(0).answer.completeExceptionally(e);
      } else {
        // One of them spoils the batch; the others shall not suffer for it.
        batch.forEach(request -> answer(new ArrayList<>(List.of(request))));
      }
      return;
    }
    long computed = System.nanoTime() - begin;
    batches.incrementAndGet();
    times.addLast(computed);
    if (times.size() > REMEMBERED) {
      times.pollFirst();
    }
    for (int i = 0; i < rows.length; i++) {
      Request<R> request = batch.get(i);
      request.told.accept(new Computation(begin - request.arrived, computed, batch.size(), i));
      request.answer.complete(rows[i]);
    }
  }

  @Override
  public long batches() {
    return batches.get();
  }

  /** Refuses what waits and is meant for somebody who has gone. */
  void refuse(Predicate<R> gone) {
    List<Request<R>> left;
    lock.lock();
    try {
      left = waiting.stream().filter(request -> gone.test(request.input)).toList();
      left.forEach(waiting::remove);
    } finally {
      lock.unlock();
    }
    left.forEach(request -> request.refuse(PredictorException.closed()));
  }

  @Override
  public void hurry() {
    lock.lock();
    try {
      hurried = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Request<R>> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(waiting);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(request -> request.refuse(PredictorException.closed()));
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
