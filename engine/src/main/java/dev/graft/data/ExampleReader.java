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
    return new Iterator<>() {

      private final ArrayDeque<List<Future<Loaded>>> pending = new ArrayDeque<>();
      private int submitted;
      private int next;

      @Override
      public boolean hasNext() {
        return next < batches.size();
      }

      @Override
      public Rows next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        while (submitted < batches.size() && submitted <= next + AHEAD) {
          pending.add(submit(data, batches.get(submitted++), views));
        }
        return collect(batches.get(next++), pending.remove(), views.size());
      }
    };
  }

  private List<Future<Loaded>> submit(Dataset data, int[] indices, List<Preparation> views) {
    List<Future<Loaded>> futures = new ArrayList<>();
    for (int index : indices) {
      futures.add(executor.submit(() -> load(data, index, views)));
    }
    return futures;
  }

  private static Loaded load(Dataset data, int index, List<Preparation> views) throws IOException {
    try {
      Example raw = data.load(index);
      List<Example> made = new ArrayList<>();
      for (Preparation view : views) {
        int twin = views.indexOf(view);
        made.add(twin < made.size() ? made.get(twin) : view.prepare(raw, index));
      }
      return new Loaded(made, null);
    } catch (CorruptExampleException e) {
      return new Loaded(null, e);
    }
  }

  private Rows collect(int[] indices, List<Future<Loaded>> futures, int views) {
    List<Integer> kept = new ArrayList<>();
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
    int[] rows = new int[kept.size() * views];
    Arrays.setAll(rows, row -> kept.get(row % kept.size()));
    List<Example> examples = new ArrayList<>();
    for (int view = 0; view < views; view++) {
      for (List<Example> each : made) {
        examples.add(each.get(view));
      }
    }
    return new Rows(rows, examples);
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
   * @param examples one per view, transformed, or null where it could not be read
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
