package dev.graft.train;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.ExampleReader;
import dev.graft.data.Preprocessing;
import dev.graft.tensor.NamedTensors;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Gives batches as the state that enters the first group after the cut: out of the feature cache
 * where there is one, else by decoding and running the frozen prefix.
 */
final class Feed {

  /**
   * One batch.
   *
   * @param indices positions in the data set; with several views they repeat, view by view
   * @param views number of views of each example
   * @param inputs what enters the model; null where features came from the cache
   * @param state what enters the first group after the cut
   */
  record Loaded(int[] indices, int views, NamedTensors inputs, NamedTensors state) {

    /** Number of examples, each counted once. */
    int examples() {
      return indices.length / views;
    }
  }

  /** Produces batches inside the caller's scope; an empty batch has no tensors and is skipped. */
  interface Batches {

    /** True if there is another batch. */
    boolean hasNext();

    /** The next batch, in the caller's scope; null if none of its examples could be read. */
    Loaded next();
  }

  private final Dataset data;
  private final FeatureCache cache;
  private final FrozenPrefix prefix;
  private final Preprocessing preprocessing;
  private final ExampleReader reader;

  /**
   * A feed of one data set.
   *
   * @param cache features, or null
   * @param prefix groups before the cut, or null where there are none
   */
  Feed(
      Dataset data,
      FeatureCache cache,
      FrozenPrefix prefix,
      Preprocessing preprocessing,
      ExampleReader reader) {
    this.data = data;
    this.cache = cache;
    this.prefix = prefix;
    this.preprocessing = preprocessing;
    this.reader = reader;
  }

  /** The data set that is read. */
  Dataset data() {
    return data;
  }

  /** True if batches come out of the feature cache. */
  boolean cached() {
    return cache != null;
  }

  /** The given batches of positions, one after another. */
  Batches batches(List<int[]> positions, ExampleReader.Preparation preparation) {
    return batches(positions, List.of(preparation));
  }

  /** As above, with one preparation for each view of an example. */
  Batches batches(List<int[]> positions, List<ExampleReader.Preparation> views) {
    return cache != null
        ? cachedBatches(positions, views.size())
        : decodedBatches(reader.read(data, positions, views), views.size());
  }

  /**
   * As above, each example as a task reads it, with at most so many rows in a batch; positions of
   * examples that come in parts repeat.
   */
  Batches parts(List<int[]> positions, int most, Function<Example, List<Example>> parts) {
    return cache != null
        ? cachedBatches(positions, 1)
        : decodedBatches(reader.readParts(data, positions, most, parts), 1);
  }

  private Batches cachedBatches(List<int[]> positions, int views) {
    Iterator<int[]> remaining = positions.iterator();
    return new Batches() {
      @Override
      public boolean hasNext() {
        return remaining.hasNext();
      }

      @Override
      public Loaded next() {
        int[] found = Arrays.stream(remaining.next()).filter(cache::has).toArray();
        int[] indices = new int[found.length * views];
        Arrays.setAll(indices, row -> found[row % found.length]);
        return found.length == 0 ? null : new Loaded(indices, views, null, cache.gather(indices));
      }
    };
  }

  private Batches decodedBatches(Iterator<ExampleReader.Rows> rows, int views) {
    return new Batches() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Loaded next() {
        ExampleReader.Rows batch = rows.next();
        if (batch.examples().isEmpty()) {
          return null;
        }
        NamedTensors inputs = preprocessing.collate(batch.examples());
        NamedTensors state = prefix == null ? inputs : prefix.apply(inputs);
        return new Loaded(batch.indices(), views, inputs, state);
      }
    };
  }
}
