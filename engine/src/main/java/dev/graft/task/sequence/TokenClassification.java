package dev.graft.task.sequence;

import dev.graft.data.TargetKind;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.model.HeadInput;
import dev.graft.task.Metric;
import dev.graft.task.Metrics;
import dev.graft.task.Task;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One of K tags for each word of an example; loss is the mean cross entropy over words.
 *
 * <p>A word may be several positions of the model's input; the first one speaks for it (Devlin et
 * al. 2019). Where that stands says the input {@link #WORD_STARTS}, (N, W) INT64. A word that the
 * model does not see, because the text was cut off in front of it, is not trained on and predicted
 * to be {@code O}; {@code lost_words} counts them.
 *
 * <p>Scores of an example are a probability for each tag of the first word, then of the second, and
 * so on; those of a lost word are zeros.
 *
 * @param labels the tags by index; with {@code O} among them they name {@linkplain Entity entities}
 */
public record TokenClassification(List<String> labels) implements Task {

  /** Id of this task. */
  public static final String ID = "token-classification";

  /** Name of the input that says at which position each word begins. */
  public static final String WORD_STARTS = "word_starts";

  /** In {@link #WORD_STARTS}: a word that the model does not see. */
  public static final int LOST = -1;

  /** In {@link #WORD_STARTS}: no word; others of the batch have more. */
  public static final int NO_WORD = -2;

  private static final String POSITIONS = "positions";

  public TokenClassification {
    labels = List.copyOf(labels);
    if (labels.size() < 2) {
      throw new IllegalArgumentException(
          "token classification needs at least 2 tags, the data have " + labels);
    }
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.TAGS;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("labels", labels);
  }

  @Override
  public Layer head(long features) {
    return new Linear(features, labels.size());
  }

  @Override
  public HeadInput headInput() {
    return HeadInput.POSITION;
  }

  @Override
  public Set<String> reads() {
    return Set.of(WORD_STARTS);
  }

  /**
   * Of the words of all examples: {@code labels} (N·W), and {@code positions} (N, W) unless no word
   * is seen.
   */
  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    Tensor starts = inputs.get(WORD_STARTS);
    long[] at = starts.toLongs();
    int width = (int) starts.size(1);
    long[] tags = new long[at.length];
    Arrays.fill(tags, WordScores.IGNORED);
    boolean seen = false;
    for (int i = 0; i < rows.length; i++) {
      requireWords(rows[i].length, words(at, i * width, width));
      for (int w = 0; w < rows[i].length; w++) {
        if (at[i * width + w] >= 0) {
          tags[i * width + w] = (long) rows[i][w];
          seen = true;
        }
      }
    }
    NamedTensors targets = NamedTensors.of("labels", Tensor.of(tags, tags.length));
    return seen ? targets.with(POSITIONS, starts.clamp(0, Integer.MAX_VALUE)) : targets;
  }

  private static void requireWords(int tags, int words) {
    if (tags != words) {
      throw new IllegalArgumentException(
          "an example has %d tags and %d words; a tag belongs to each word".formatted(tags, words));
    }
  }

  private static int words(long[] starts, int from, int width) {
    int count = 0;
    while (count < width && starts[from + count] != NO_WORD) {
      count++;
    }
    return count;
  }

  @Override
  public Tensor loss(NamedTensors outputs, NamedTensors targets) {
    Tensor logits = outputs.get("logits");
    if (!targets.has(POSITIONS)) {
      return logits.sum().mul(0); // a mean over no word is not a number
    }
    Tensor words = at(logits, targets.get(POSITIONS)).reshape(-1, labels.size());
    return Nn.crossEntropy(words, targets.get("labels"), 0);
  }

  /** Rows (N, W, K) of logits (N, L, K) at positions (N, W). */
  private Tensor at(Tensor logits, Tensor positions) {
    long[] shape = {positions.size(0), positions.size(1), labels.size()};
    return logits.gather(1, positions.unsqueeze(2).expand(shape));
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    try (Scope scope = Scope.open()) {
      Tensor starts = inputs.get(WORD_STARTS);
      Tensor logits = outputs.get("logits").detach().to(DType.FLOAT32);
      Tensor words = at(logits, starts.clamp(0, Integer.MAX_VALUE));
      float[] flat = Nn.softmax(words, -1).toFloats();
      long[] at = starts.toLongs();
      int width = (int) starts.size(1);
      double[][] rows = new double[(int) starts.size(0)][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = new double[words(at, i * width, width) * labels.size()];
        for (int j = 0; j < rows[i].length; j++) {
          boolean seen = at[i * width + j / labels.size()] >= 0;
          rows[i][j] = seen ? flat[i * width * labels.size() + j] : 0;
        }
      }
      return rows;
    }
  }

  /** The likeliest tag of each word of an example. */
  public List<String> tags(double[] scores) {
    List<String> tags = new ArrayList<>();
    for (int from = 0; from < scores.length; from += labels.size()) {
      double[] word = Arrays.copyOfRange(scores, from, from + labels.size());
      tags.add(isLost(word) ? Entity.OUTSIDE : labels.get(Metrics.argmax(word)));
    }
    return tags;
  }

  /** The tags that a row of targets stands for. */
  public List<String> trueTags(double[] row) {
    return Arrays.stream(row).mapToObj(tag -> labels.get((int) tag)).toList();
  }

  private static boolean isLost(double[] word) {
    return Arrays.stream(word).allMatch(score -> score == 0);
  }

  /** The entities of each type that are there and are found. */
  public Map<String, EntityCounts> entities(double[][] scores, double[][] targets) {
    return EntityCounts.byType(all(targets, this::trueTags), all(scores, this::tags));
  }

  private static List<List<String>> all(
      double[][] rows, java.util.function.Function<double[], List<String>> tags) {
    return Arrays.stream(rows).map(tags).toList();
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    if (labels.contains(Entity.OUTSIDE)) {
      metrics.add(entityMetric("entity_f1", EntityCounts::f1));
      metrics.add(entityMetric("entity_precision", EntityCounts::precision));
      metrics.add(entityMetric("entity_recall", EntityCounts::recall));
    }
    metrics.add(Metrics.ofRows("word_accuracy", true, this::accuracy));
    metrics.add(Metrics.ofRows("lost_words", false, (scores, targets) -> lost(scores)));
    return metrics;
  }

  private Metric entityMetric(String id, ToDoubleFunction<EntityCounts> figure) {
    return Metrics.ofRows(
        id,
        true,
        (scores, targets) ->
            figure.applyAsDouble(
                EntityCounts.all(all(targets, this::trueTags), all(scores, this::tags))));
  }

  private double accuracy(double[][] scores, double[][] targets) {
    long right = 0;
    long words = 0;
    for (int i = 0; i < targets.length; i++) {
      List<String> predicted = tags(scores[i]);
      List<String> truth = trueTags(targets[i]);
      for (int w = 0; w < truth.size(); w++) {
        right += predicted.get(w).equals(truth.get(w)) ? 1 : 0;
      }
      words += truth.size();
    }
    return (double) right / words;
  }

  private double lost(double[][] scores) {
    long lost = 0;
    for (double[] row : scores) {
      for (int from = 0; from < row.length; from += labels.size()) {
        lost += isLost(Arrays.copyOfRange(row, from, from + labels.size())) ? 1 : 0;
      }
    }
    return lost;
  }
}
