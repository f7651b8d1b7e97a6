package dev.graft.plan;

import java.util.Collections;
import java.util.List;

/**
 * Where a phase's batches come from.
 *
 * @param data name of a data set of the run: {@code training}, {@code validation}, {@code test}, or
 *     one that the caller adds, such as {@code unlabelled}
 * @param batchSize examples per update
 * @param views id of a random path of the preprocessing for each copy of an example that a batch
 *     holds, at least one; {@code none} is the deterministic path, which is what makes a feature
 *     cache possible
 * @param sampler in which order and how often examples come
 */
public record Stream(String data, int batchSize, List<String> views, Choice sampler) {

  /** No augmentation. */
  public static final String NONE = "none";

  /** A view that is the one before it once more, bit for bit: for what dropout makes of it. */
  public static final String REPEAT = "repeat";

  /** Every example once per epoch, in random order. */
  public static final Choice SHUFFLE = Choice.of("shuffle");

  public Stream {
    views = List.copyOf(views);
    if (batchSize < 1 || views.isEmpty()) {
      throw new IllegalArgumentException(
          "stream '%s' has batches of %d examples in %d views; allowed: 1 or more of both"
              .formatted(data, batchSize, views.size()));
    }
    if (views.get(0).equals(REPEAT)) {
      throw new IllegalArgumentException(
          "the first view of stream '%s' is '%s', which repeats the view before it"
              .formatted(data, REPEAT));
    }
  }

  /** The training part, shuffled, one view. */
  public static Stream training(int batchSize, String augmentation) {
    return new Stream("training", batchSize, List.of(augmentation), SHUFFLE);
  }

  /** With a number of views of the same kind. */
  public Stream withViews(int count) {
    return new Stream(data, batchSize, Collections.nCopies(count, augmentation()), sampler);
  }

  /** With these views. */
  public Stream withViews(List<String> value) {
    return new Stream(data, batchSize, value, sampler);
  }

  /** True if every view is the deterministic path, so that features need computing only once. */
  public boolean fixed() {
    return views.stream().allMatch(view -> view.equals(NONE) || view.equals(REPEAT))
        && augmentation().equals(NONE);
  }

  /** With another order of examples. */
  public Stream withSampler(Choice value) {
    return new Stream(data, batchSize, views, value);
  }

  /** The random path of the first view. */
  public String augmentation() {
    return views.get(0);
  }
}
