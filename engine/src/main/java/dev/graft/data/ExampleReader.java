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
   * Some examples of a data set; corrupt ones are left out.
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
          pending.add(submit(data, batches.get(submitted++), preparation));
        }
        return collect(batches.get(next++), pending.remove());
      }
    };
  }

  private List<Future<Loaded>> submit(Dataset data, int[] indices, Preparation preparation) {
    List<Future<Loaded>> futures = new ArrayList<>();
    for (int index : indices) {
      futures.add(executor.submit(() -> load(data, index, preparation)));
    }
    return futures;
  }

  private static Loaded load(Dataset data, int index, Preparation preparation) throws IOException {
    try {
      return new Loaded(preparation.prepare(data.load(index), index), null);
    } catch (CorruptExampleException e) {
      return new Loaded(null, e);
    }
  }

  private Rows collect(int[] indices, List<Future<Loaded>> futures) {
    int[] kept = new int[indices.length];
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      Loaded loaded = await(futures.get(i));
      if (loaded.example != null) {
        kept[examples.size()] = indices[i];
        examples.add(loaded.example);
      } else if (!skipCorrupt) {
        throw new UncheckedIOException(loaded.problem);
      } else {
        skipped.accept(loaded.problem);
      }
    }
    return new Rows(Arrays.copyOf(kept, examples.size()), examples);
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
   * @param example transformed, or null where it could not be read
   * @param problem why not, or null
   */
  private record Loaded(Example example, CorruptExampleException problem) {}

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
