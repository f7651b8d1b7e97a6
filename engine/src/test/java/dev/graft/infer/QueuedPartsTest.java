package dev.graft.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Example;
import dev.graft.task.sequence.AnswerSpan;
import dev.graft.task.sequence.QuestionAnswering;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Parts of one example in a queue whose answers the test gives. */
class QueuedPartsTest {

  /** A queue with room for some inputs. */
  private static final class Waiting implements Gathering<Example> {

    private final int room;
    private final List<CompletableFuture<double[]>> answers = new ArrayList<>();

    Waiting(int room) {
      this.room = room;
    }

    @Override
    public CompletableFuture<double[]> submit(
        Example ready, Urgency urgency, Consumer<Computation> told) {
      if (answers.size() == room) {
        throw PredictorException.overloaded(room);
      }
      answers.add(new CompletableFuture<>());
      return answers.get(answers.size() - 1);
    }

    @Override
    public long batches() {
      return 0;
    }

    @Override
    public void hurry() {}

    @Override
    public void close() {}
  }

  private static CompletableFuture<double[]> submit(Waiting queue, int parts) {
    Example part = new Example("x", Map.of());
    return QueuedParts.submit(
        new QuestionAnswering(),
        Collections.nCopies(parts, part),
        queue,
        Urgency.ORDINARY,
        told -> {});
  }

  private static double[] answer(double probability, int begin) {
    double[] span = AnswerSpan.row(List.of(new AnswerSpan(begin, begin + 1, "a")));
    double[] scores = new double[2 + span.length];
    scores[0] = probability;
    System.arraycopy(span, 0, scores, 2, span.length);
    return scores;
  }

  @Test
  void theAnswerIsThereWithTheLastPart() throws Exception {
    Waiting queue = new Waiting(2);
    CompletableFuture<double[]> whole = submit(queue, 2);
    queue.answers.get(1).complete(answer(0.2, 7));
    assertTrue(!whole.isDone());
    queue.answers.get(0).complete(answer(0.9, 3));
    assertArrayEquals(answer(0.9, 3), whole.get());
  }

  @Test
  void whoCancelsTakesAllPartsOut() {
    Waiting queue = new Waiting(2);
    assertTrue(submit(queue, 2).cancel(true));
    assertTrue(queue.answers.stream().allMatch(CompletableFuture::isCancelled));
  }

  @Test
  void whereOnePartHasNoRoomNoneWaits() {
    Waiting queue = new Waiting(2);
    assertThrows(PredictorException.class, () -> submit(queue, 3));
    assertEquals(2, queue.answers.size());
    assertTrue(queue.answers.stream().allMatch(CompletableFuture::isCancelled));
  }

  @Test
  void whatOnePartFailsByTheWholeFailsBy() {
    Waiting queue = new Waiting(2);
    CompletableFuture<double[]> whole = submit(queue, 2);
    PredictorException closed = PredictorException.closed();
    queue.answers.get(0).completeExceptionally(closed);
    queue.answers.get(1).complete(answer(0.5, 1));
    assertSame(closed, assertThrows(ExecutionException.class, whole::get).getCause());
  }
}
