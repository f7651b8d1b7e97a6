package dev.graft.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Example;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchQueueTest {

  private static final Duration FOREVER = Duration.ofDays(1);

  private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private static PredictorOptions options(int batch, Duration delay) {
    return PredictorOptions.defaults().withBatch(batch, delay);
  }

  private static Example example(int value) {
    return new Example(String.valueOf(value), Map.of());
  }

  /** Answers with the example's number; 13 is bad luck. */
  private double[][] compute(List<Example> examples) {
    batches.add(examples.size());
    return examples.stream()
        .map(
            example -> {
              if (example.id().equals("13")) {
                throw new IllegalArgumentException("13");
              }
              return new double[] {Double.parseDouble(example.id())};
            })
        .toArray(double[][]::new);
  }

  /** Says that it has started, and answers when it may go. */
  private double[][] computeSlowly(List<Example> examples) {
    started.countDown();
    await(go);
    return compute(examples);
  }

  private static double value(CompletableFuture<double[]> answer) throws Exception {
    return answer.get()[0];
  }

  @Test
  void aFullBatchDoesNotWait() throws Exception {
    try (BatchQueue queue = new BatchQueue(options(4, FOREVER), this::compute)) {
      List<CompletableFuture<double[]>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(queue.submit(example(i)));
      }
      for (int i = 0; i < 8; i++) {
        assertEquals(i, value(answers.get(i)), "answers come back to their own requests");
      }
    }
    assertEquals(List.of(4, 4), batches);
  }

  @Test
  void aSingleRequestIsAnsweredAfterItsDelay() throws Exception {
    try (BatchQueue queue = new BatchQueue(options(4, Duration.ofMillis(1)), this::compute)) {
      assertEquals(7, value(queue.submit(example(7))));
    }
    assertEquals(List.of(1), batches);
  }

  @Test
  void whatArrivesDuringAComputationIsTheNextBatch() throws Exception {
    try (BatchQueue queue = new BatchQueue(options(10, Duration.ZERO), this::computeSlowly)) {
      CompletableFuture<double[]> first = queue.submit(example(0));
      await(started);
      List<CompletableFuture<double[]>> next = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        next.add(queue.submit(example(i)));
      }
      go.countDown();
      assertEquals(0, value(first));
      for (int i = 1; i <= 5; i++) {
        assertEquals(i, value(next.get(i - 1)));
      }
    }
    assertEquals(List.of(1, 5), batches);
  }

  @Test
  void oneBadRequestDoesNotSpoilTheOthers() throws Exception {
    try (BatchQueue queue = new BatchQueue(options(3, FOREVER), this::compute)) {
      CompletableFuture<double[]> good = queue.submit(example(1));
      CompletableFuture<double[]> bad = queue.submit(example(13));
      CompletableFuture<double[]> alsoGood = queue.submit(example(2));
      assertEquals(1, value(good));
      assertEquals(2, value(alsoGood));
      Throwable cause = assertThrows(ExecutionException.class, bad::get).getCause();
      assertInstanceOf(IllegalArgumentException.class, cause);
    }
  }

  @Test
  void evenAnErrorReachesWhoWaitsAndTheThreadGoesOn() throws Exception {
    Function<List<Example>, double[][]> broken =
        examples -> {
          if (examples.get(0).id().equals("1")) {
            throw new StackOverflowError("deep");
          }
          return compute(examples);
        };
    try (BatchQueue queue = new BatchQueue(options(1, Duration.ZERO), broken)) {
      CompletableFuture<double[]> failed = queue.submit(example(1));
      assertInstanceOf(
          StackOverflowError.class, assertThrows(ExecutionException.class, failed::get).getCause());
      assertEquals(2, value(queue.submit(example(2))));
    }
  }

  @Test
  void refusesWhatWaitsWhenClosed() throws Exception {
    BatchQueue queue = new BatchQueue(options(100, FOREVER), this::compute);
    List<CompletableFuture<double[]>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(queue.submit(example(i)));
    }
    queue.close();
    for (CompletableFuture<double[]> answer : answers) {
      assertTrue(answer.isDone(), "nobody is left waiting");
      assertClosed(assertThrows(ExecutionException.class, answer::get).getCause());
    }
    assertClosed(assertThrows(PredictorException.class, () -> queue.submit(example(1))));
    assertEquals(List.of(), batches);
    queue.close();
  }

  private static void assertClosed(Throwable problem) {
    assertSame(
        PredictorException.Reason.CLOSED,
        assertInstanceOf(PredictorException.class, problem).reason());
  }

  @Test
  void finishesWhatItComputesWhenClosed() throws Exception {
    BatchQueue queue = new BatchQueue(options(1, Duration.ZERO), this::computeSlowly);
    CompletableFuture<double[]> answer = queue.submit(example(5));
    await(started);
    Thread closer = new Thread(queue::close);
    closer.start();
    go.countDown();
    closer.join();
    assertEquals(5, value(answer));
  }

  @Test
  void anAnswersContinuationMayClose() throws Exception {
    BatchQueue queue = new BatchQueue(options(1, Duration.ZERO), this::compute);
    queue.submit(example(5)).thenRun(queue::close).get();
    assertThrows(PredictorException.class, () -> queue.submit(example(1)));
  }

  @Test
  void refusesMoreThanMayWait() throws Exception {
    PredictorOptions options = options(1, Duration.ZERO).withCapacity(2);
    try (BatchQueue queue = new BatchQueue(options, this::computeSlowly)) {
      CompletableFuture<double[]> computed = queue.submit(example(0));
      await(started);
      CompletableFuture<double[]> first = queue.submit(example(1));
      CompletableFuture<double[]> second = queue.submit(example(2));
      PredictorException refused =
          assertThrows(PredictorException.class, () -> queue.submit(example(3)));
      assertSame(PredictorException.Reason.OVERLOADED, refused.reason());
      go.countDown();
      assertEquals(0, value(computed));
      assertEquals(1, value(first));
      assertEquals(2, value(second));
    }
  }

  @Test
  void whatNobodyWaitsForIsNotComputed() throws Exception {
    try (BatchQueue queue = new BatchQueue(options(2, FOREVER), this::compute)) {
      assertTrue(queue.submit(example(1)).cancel(false));
      assertEquals(2, value(queue.submit(example(2))));
    }
    assertEquals(List.of(1), batches);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> options(0, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> options(1, Duration.ofMillis(-1)));
    assertThrows(IllegalArgumentException.class, () -> PredictorOptions.defaults().withCapacity(0));
    assertFalse(PredictorOptions.defaults().withFoldNorms(false).foldNorms());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      // close() interrupts the worker; the computation goes on like one in native code
      while (latch.getCount() > 0) {
        Thread.onSpinWait();
      }
    }
  }
}
