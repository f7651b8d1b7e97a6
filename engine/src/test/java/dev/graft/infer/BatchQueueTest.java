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
import java.util.OptionalLong;
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

  private static BatchQueue<Example> queue(
      PredictorOptions options, Function<List<Example>, double[][]> compute) {
    return new BatchQueue<>(options, example -> 0, compute);
  }

  private static CompletableFuture<double[]> submit(BatchQueue<Example> queue, Example example) {
    return queue.submit(example, Urgency.ORDINARY);
  }

  private static Urgency until(long deadline) {
    return new Urgency(Urgency.ORDINARY_LEVEL, OptionalLong.of(deadline));
  }

  private static double value(CompletableFuture<double[]> answer) throws Exception {
    return answer.get()[0];
  }

  @Test
  void aFullBatchDoesNotWait() throws Exception {
    try (BatchQueue<Example> queue = queue(options(4, FOREVER), this::compute)) {
      List<CompletableFuture<double[]>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(submit(queue, example(i)));
      }
      for (int i = 0; i < 8; i++) {
        assertEquals(i, value(answers.get(i)), "answers come back to their own requests");
      }
    }
    assertEquals(List.of(4, 4), batches);
  }

  @Test
  void aSingleRequestIsAnsweredAfterItsDelay() throws Exception {
    try (BatchQueue<Example> queue = queue(options(4, Duration.ofMillis(1)), this::compute)) {
      assertEquals(7, value(submit(queue, example(7))));
    }
    assertEquals(List.of(1), batches);
  }

  @Test
  void whatArrivesDuringAComputationIsTheNextBatch() throws Exception {
    try (BatchQueue<Example> queue = queue(options(10, Duration.ZERO), this::computeSlowly)) {
      CompletableFuture<double[]> first = submit(queue, example(0));
      await(started);
      List<CompletableFuture<double[]>> next = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        next.add(submit(queue, example(i)));
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
    try (BatchQueue<Example> queue = queue(options(3, FOREVER), this::compute)) {
      CompletableFuture<double[]> good = submit(queue, example(1));
      CompletableFuture<double[]> bad = submit(queue, example(13));
      CompletableFuture<double[]> alsoGood = submit(queue, example(2));
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
    try (BatchQueue<Example> queue = queue(options(1, Duration.ZERO), broken)) {
      CompletableFuture<double[]> failed = submit(queue, example(1));
      assertInstanceOf(
          StackOverflowError.class, assertThrows(ExecutionException.class, failed::get).getCause());
      assertEquals(2, value(submit(queue, example(2))));
    }
  }

  @Test
  void refusesWhatWaitsWhenClosed() throws Exception {
    BatchQueue<Example> queue = queue(options(100, FOREVER), this::compute);
    List<CompletableFuture<double[]>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(submit(queue, example(i)));
    }
    queue.close();
    for (CompletableFuture<double[]> answer : answers) {
      assertTrue(answer.isDone(), "nobody is left waiting");
      assertClosed(assertThrows(ExecutionException.class, answer::get).getCause());
    }
    assertClosed(assertThrows(PredictorException.class, () -> submit(queue, example(1))));
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
    BatchQueue<Example> queue = queue(options(1, Duration.ZERO), this::computeSlowly);
    CompletableFuture<double[]> answer = submit(queue, example(5));
    await(started);
    Thread closer = new Thread(queue::close);
    closer.start();
    go.countDown();
    closer.join();
    assertEquals(5, value(answer));
  }

  @Test
  void anAnswersContinuationMayClose() throws Exception {
    BatchQueue<Example> queue = queue(options(1, Duration.ZERO), this::compute);
    submit(queue, example(5)).thenRun(queue::close).get();
    assertThrows(PredictorException.class, () -> submit(queue, example(1)));
  }

  @Test
  void refusesMoreThanMayWait() throws Exception {
    PredictorOptions options = options(1, Duration.ZERO).withCapacity(2);
    try (BatchQueue<Example> queue = queue(options, this::computeSlowly)) {
      CompletableFuture<double[]> computed = submit(queue, example(0));
      await(started);
      CompletableFuture<double[]> first = submit(queue, example(1));
      CompletableFuture<double[]> second = submit(queue, example(2));
      PredictorException refused =
          assertThrows(PredictorException.class, () -> submit(queue, example(3)));
      assertSame(PredictorException.Reason.OVERLOADED, refused.reason());
      go.countDown();
      assertEquals(0, value(computed));
      assertEquals(1, value(first));
      assertEquals(2, value(second));
    }
  }

  @Test
  void whatNobodyWaitsForIsNotComputed() throws Exception {
    try (BatchQueue<Example> queue = queue(options(2, FOREVER), this::compute)) {
      assertTrue(submit(queue, example(1)).cancel(false));
      CompletableFuture<double[]> second = submit(queue, example(2));
      assertEquals(3, value(submit(queue, example(3))));
      assertEquals(2, value(second));
    }
    assertEquals(List.of(2), batches);
  }

  @Test
  void theThreadGoesOnWhenAllHaveLeft() throws Exception {
    try (BatchQueue<Example> queue = queue(options(4, Duration.ofMillis(1)), this::compute)) {
      for (int i = 0; i < 50; i++) {
        var unused = submit(queue, example(1)).cancel(false);
      }
      assertEquals(2, value(submit(queue, example(2))));
    }
  }

  @Test
  void whoCancelsMakesRoom() throws Exception {
    PredictorOptions options = options(1, Duration.ZERO).withCapacity(1);
    try (BatchQueue<Example> queue = queue(options, this::computeSlowly)) {
      CompletableFuture<double[]> computed = submit(queue, example(0));
      await(started);
      CompletableFuture<double[]> cancelled = submit(queue, example(1));
      assertThrows(PredictorException.class, () -> submit(queue, example(2)));
      assertTrue(cancelled.cancel(false));
      CompletableFuture<double[]> next = submit(queue, example(3));
      go.countDown();
      assertEquals(0, value(computed));
      assertEquals(3, value(next));
    }
    assertEquals(List.of(1, 1), batches);
  }

  @Test
  void theMostUrgentAreFirstAndThenThoseThatCameFirst() throws Exception {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    try (BatchQueue<Example> queue = queue(options(1, Duration.ZERO), this::computeSlowly)) {
      List<CompletableFuture<?>> answers = new ArrayList<>();
      answers.add(submit(queue, example(0)));
      await(started);
      int[] priorities = {5, 9, 1, 5, 1};
      for (int i = 0; i < priorities.length; i++) {
        Urgency urgency = new Urgency(priorities[i], OptionalLong.empty());
        answers.add(
            queue.submit(example(i + 1), urgency).thenAccept(row -> order.add((int) row[0])));
      }
      go.countDown();
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get();
    }
    assertEquals(List.of(3, 5, 1, 4, 2), order);
  }

  @Test
  void whatIsOfAnotherSizeIsComputedApartAndStillInTurn() throws Exception {
    List<List<String>> together = Collections.synchronizedList(new ArrayList<>());
    Function<List<Example>, double[][]> noting =
        examples -> {
          together.add(examples.stream().map(Example::id).toList());
          return compute(examples);
        };
    List<CompletableFuture<double[]>> answers = new ArrayList<>();
    try (BatchQueue<Example> queue =
        new BatchQueue<>(
            options(3, FOREVER), example -> Integer.parseInt(example.id()) % 2, noting)) {
      answers.add(queue.submit(example(1), Urgency.ORDINARY));
      answers.add(queue.submit(example(2), Urgency.ORDINARY));
      answers.add(queue.submit(example(3), Urgency.ORDINARY)); // three are full, two are alike
      for (int i : new int[] {0, 2}) {
        assertEquals(i + 1, value(answers.get(i)));
      }
      answers.add(queue.submit(example(4), Urgency.ORDINARY));
      answers.add(queue.submit(example(6), Urgency.ORDINARY));
      for (int i : new int[] {1, 3, 4}) {
        answers.get(i).get();
      }
    }
    assertEquals(List.of(List.of("1", "3"), List.of("2", "4", "6")), together);
  }

  @Test
  void whatIsLateIsNotComputed() throws Exception {
    try (BatchQueue<Example> queue = queue(options(2, Duration.ofMillis(1)), this::compute)) {
      CompletableFuture<double[]> late = queue.submit(example(1), until(System.nanoTime() - 1));
      assertEquals(2, value(submit(queue, example(2))));
      assertLate(late);
    }
    assertEquals(List.of(1), batches);
  }

  @Test
  void whatWouldBeLateByWhatComputationsTakeIsNotComputedUntilThatIsForgotten() throws Exception {
    long took = Duration.ofMillis(50).toNanos();
    Function<List<Example>, double[][]> slow =
        examples -> {
          long end = System.nanoTime() + took;
          while (examples.get(0).id().equals("0") && System.nanoTime() < end) {
            Thread.onSpinWait();
          }
          return compute(examples);
        };
    try (BatchQueue<Example> queue = queue(options(1, Duration.ZERO), slow)) {
      assertEquals(0, value(submit(queue, example(0))));
      assertLate(queue.submit(example(1), until(System.nanoTime() + took / 2)));
      assertEquals(List.of(1), batches);
      long minute = Duration.ofMinutes(1).toNanos();
      assertEquals(2, value(queue.submit(example(2), until(System.nanoTime() + minute))));
    }
  }

  @Test
  void aDeadlineEndsTheWaitForOthers() throws Exception {
    try (BatchQueue<Example> queue = queue(options(3, FOREVER), this::compute)) {
      CompletableFuture<double[]> patient = submit(queue, example(1));
      long second = Duration.ofSeconds(1).toNanos();
      assertEquals(2, value(queue.submit(example(2), until(System.nanoTime() + second))));
      assertEquals(1, value(patient));
    }
    assertEquals(List.of(2), batches);
  }

  @Test
  void whoIsComputedIsToldHowLongItTookAndWithHowMany() throws Exception {
    long[] within = new long[1];
    Function<List<Example>, double[][]> timed =
        examples -> {
          long begin = System.nanoTime();
          double[][] rows = compute(examples);
          within[0] = System.nanoTime() - begin;
          return rows;
        };
    List<Computation> told = Collections.synchronizedList(new ArrayList<>());
    long begin = System.nanoTime();
    try (BatchQueue<Example> queue = queue(options(2, FOREVER), timed)) {
      CompletableFuture<double[]> gone = queue.submit(example(9), Urgency.ORDINARY, told::add);
      assertTrue(gone.cancel(false));
      var unused = queue.submit(example(1), Urgency.ORDINARY, told::add);
      assertEquals(2, value(queue.submit(example(2), Urgency.ORDINARY, told::add)));
    }
    long all = System.nanoTime() - begin;
    assertEquals(List.of(0, 1), told.stream().map(Computation::place).toList());
    for (Computation each : told) {
      assertEquals(2, each.batch());
      assertTrue(
          each.waited() > 0 && each.computed() >= within[0] && each.total() <= all, told::toString);
    }
  }

  @Test
  void inAHurryNothingWaits() throws Exception {
    try (BatchQueue<Example> queue = queue(options(3, FOREVER), this::compute)) {
      CompletableFuture<double[]> first = submit(queue, example(1));
      queue.hurry();
      assertEquals(1, value(first));
      assertEquals(2, value(submit(queue, example(2))));
    }
  }

  private static void assertLate(CompletableFuture<double[]> answer) {
    Throwable cause = assertThrows(ExecutionException.class, answer::get).getCause();
    assertSame(
        PredictorException.Reason.LATE, assertInstanceOf(PredictorException.class, cause).reason());
  }

  @Test
  void prioritiesOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Urgency(0, OptionalLong.empty()));
    assertThrows(IllegalArgumentException.class, () -> new Urgency(10, OptionalLong.empty()));
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
