package dev.graft.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Reads examples in a given order, decoding and transforming them on an executor ahead of the
 * consumer. What comes out does not depend on the number of threads.
 */
public final class ExampleReader {

  /** Batches that are being decoded while one is used. */
  private static final int AHEAD = 3;

  /** Makes an example ready for the model; runs on any thread. */
  public interface Preparation {

    /** The example as the model takes it; {@code index} is its position in the data set. */
    Example prepare(Example example, int index);
  }

  /**
   * Some examples of a data set; corrupt ones are left out. With several views, all examples come
   * in the first view, then all in the second, and {@code indices} repeats.
   *
   * @param indices positions in the data set
   * @param examples transformed
   */
  public record Rows(int[] indices, List<Example> examples) {}

  private final ExecutorService executor;
  private final boolean skipCorrupt;
  private final Consumer<CorruptExampleException> skipped;

  /**
   * A reader.
   *
   * @param executor decodes and transforms; stays the caller's
   * @param skipCorrupt whether a corrupt example is left out, or ends the reading
   * @param skipped hears of every example that is left out, each time it is
   */
  public ExampleReader(
      ExecutorService executor, boolean skipCorrupt, Consumer<CorruptExampleException> skipped) {
    this.executor = executor;
    this.skipCorrupt = skipCorrupt;
    this.skipped = skipped;
  }

  /**
   * The given batches of positions, one after another.
   *
   * <p>The iterator throws {@link UncheckedIOException} where the storage fails, or a corrupt
   * example is not to be skipped.
   */
  public Iterator<Rows> read(Dataset data, List<int[]> batches, Preparation preparation) {
    return read(data, batches, List.of(preparation));
  }

  /**
   * As above, with several views of each example, which is decoded once. Views that have the same
   * preparation object are one example twice.
   */
  public Iterator<Rows> read(Dataset data, List<int[]> batches, List<Preparation> views) {
    Ahead ahead = new Ahead(data, batches, (raw, index) -> prepared(raw, index, views));
    return new Iterator<>() {

      @Override
      public boolean hasNext() {
        return ahead.hasNext();
      }

      @Override
      public Rows next() {
        Made made = ahead.next();
        int count = made.examples.size();
        int[] rows = new int[count * views.size()];
        Arrays.setAll(rows, row -> made.indices[row % count]);
        List<Example> examples = new ArrayList<>();
        for (int view = 0; view < views.size(); view++) {
          for (List<Example> each : made.examples) {
            examples.add(each.get(view));
          }
        }
        return new Rows(rows, examples);
      }
    };
  }

  /**
   * As above, where an example may come in several parts, one behind the other: {@code indices}
   * repeats for them, from one batch into the next, too.
   *
   * @param most rows of a batch, at least 1
   * @param parts of a raw example, one at least, ready for the model; runs on any thread
   */
  public Iterator<Rows> readParts(
      Dataset data, List<int[]> batches, int most, Function<Example, List<Example>> parts) {
    Ahead ahead = new Ahead(data, batches, (raw, index) -> parts.apply(raw));
    return new Iterator<>() {

      private final ArrayDeque<Rows> cut = new ArrayDeque<>();

      @Override
      public boolean hasNext() {
        return !cut.isEmpty() || ahead.hasNext();
      }

      @Override
      public Rows next() {
        if (cut.isEmpty()) {
          cut.addAll(pieces(ahead.next(), most));
        }
        return cut.remove();
      }
    };
  }

  private static List<Rows> pieces(Made made, int most) {
    IntStream.Builder indices = IntStream.builder();
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < made.indices.length; i++) {
      for (Example part : made.examples.get(i)) {
        indices.add(made.indices[i]);
        examples.add(part);
      }
    }
    int[] rows = indices.build().toArray();
    List<Rows> pieces = new ArrayList<>();
    int from = 0;
    do { // a batch of which nothing could be read is an empty one
      int to = Math.min(rows.length, from + most);
      pieces.add(new Rows(Arrays.copyOfRange(rows, from, to), examples.subList(from, to)));
      from = to;
    } while (from < rows.length);
    return pieces;
  }

  /** What an example becomes. */
  private interface Making {
    List<Example> of(Example raw, int index);
  }

  /**
   * A batch.
   *
   * @param indices positions of the examples that could be read
   * @param examples what became of each
   */
  private record Made(int[] indices, List<List<Example>> examples) {}

  /** Batches, some of them under way while one is used. */
  private final class Ahead implements Iterator<Made> {

    private final Dataset data;
    private final List<int[]> batches;
    private final Making making;
    private final ArrayDeque<List<Future<Loaded>>> pending = new ArrayDeque<>();
    private int submitted;
    private int next;

    Ahead(Dataset data, List<int[]> batches, Making making) {
      this.data = data;
      this.batches = batches;
      this.making = making;
    }

    @Override
    public boolean hasNext() {
      return next < batches.size();
    }

    @Override
    public Made next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      while (submitted < batches.size() && submitted <= next + AHEAD) {
        List<Future<Loaded>> futures = new ArrayList<>();
        for (int index : batches.get(submitted++)) {
          futures.add(executor.submit(() -> load(data, index, making)));
        }
        pending.add(futures);
      }
      return collect(batches.get(next++), pending.remove());
    }
  }

  private static Loaded load(Dataset data, int index, Making making) throws IOException {
    try {
      return new Loaded(making.of(data.load(index), index), null);
    } catch (CorruptExampleException e) {
      return new Loaded(null, e);
    }
  }

  private static List<Example> prepared(Example raw, int index, List<Preparation> views) {
    List<Example> made = new ArrayList<>();
    for (Preparation view : views) {
      int twin = views.indexOf(view);
      made.add(twin < made.size() ? made.get(twin) : view.prepare(raw, index));
    }
    return made;
  }

  private Made collect(int[] indices, List<Future<Loaded>> futures) {
    IntStream.Builder kept = IntStream.builder();
    List<List<Example>> made = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      Loaded loaded = await(futures.get(i));
      if (loaded.examples != null) {
        kept.add(indices[i]);
        made.add(loaded.examples);
      } else if (!skipCorrupt) {
        throw new UncheckedIOException(loaded.problem);
      } else {
        skipped.accept(loaded.problem);
      }
    }
    return new Made(kept.build().toArray(), made);
  }

  private static Loaded await(Future<Loaded> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while examples were decoded", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw new UncheckedIOException(io);
      }
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * What became of one example.
   *
   * @param examples one per view or part, transformed, or null where it could not be read
   * @param problem why not, or null
   */
  private record Loaded(List<Example> examples, CorruptExampleException problem) {}

  /** Positions in order, cut into batches. */
  public static List<int[]> batches(int[] order, int size) {
    List<int[]> batches = new ArrayList<>();
    for (int start = 0; start < order.length; start += size) {
      batches.add(Arrays.copyOfRange(order, start, Math.min(order.length, start + size)));
    }
    return batches;
  }

  /** The numbers 0 … n - 1. */
  public static int[] inOrder(int n) {
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    return order;
  }
}
