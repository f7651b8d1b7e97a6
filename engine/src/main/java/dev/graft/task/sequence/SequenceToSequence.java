package dev.graft.task.sequence;

import dev.graft.data.TargetKind;
import dev.graft.model.Model;
import dev.graft.task.Metric;
import dev.graft.task.Metrics;
import dev.graft.tensor.NamedTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Another text from a text: a translation, a summary. The decoder reads the true words up to each
 * position (teacher forcing); loss is the mean cross entropy over the words of the target, its end
 * included. The network's own head over words is what trains.
 *
 * <p>Scores of an example are a one if the likeliest word is the true one everywhere, which is when
 * greedy generation writes exactly the target, else a zero; then the natural logarithms of the
 * probabilities of the target's words.
 */
public record SequenceToSequence() implements LanguageTask {

  /** Id of this task. */
  public static final String ID = "sequence-to-sequence";

  /** Name of the input that holds the words of the target, (N, L) INT64; −100 is padding. */
  public static final String LABELS = "labels";

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.TEXT;
  }

  @Override
  public void putHeadOn(Model model) {
    if (!model.network().writesAnswers()) {
      throw new IllegalArgumentException(
          "%s needs an encoder and a decoder with a head over words, this is a %s; choose another base"
              .formatted(ID, model.spec().family()));
    }
  }

  @Override
  public Set<String> reads() {
    return Set.of(LABELS);
  }

  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    if (!inputs.has(LABELS)) {
      throw new IllegalArgumentException(
          ID + " says how likely a target is, and this input has none; to write one, generate");
    }
    return NamedTensors.of("labels", inputs.get(LABELS));
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    return rows(outputs, inputs, SequenceToSequence::row);
  }

  private static double[] row(WordScores.Known known) {
    double[] row = new double[1 + known.logs().length];
    row[0] = known.likeliest() ? 1 : 0;
    System.arraycopy(known.logs(), 0, row, 1, known.logs().length);
    return row;
  }

  private static double[] logs(double[] scores) {
    return Arrays.copyOfRange(scores, 1, scores.length);
  }

  /** The perplexity of one target. */
  @Override
  public double value(double[] scores) {
    return WordScores.perplexity(logs(scores));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metrics.ofRows("perplexity", false, (scores, targets) -> perplexity(scores)),
        Metrics.ofRows("exact_match", true, (scores, targets) -> exact(scores)));
  }

  private static double perplexity(double[][] scores) {
    return WordScores.perplexity(
        Arrays.stream(scores).flatMapToDouble(row -> Arrays.stream(logs(row))).toArray());
  }

  private static double exact(double[][] scores) {
    return Arrays.stream(scores).mapToDouble(row -> row[0]).average().orElse(Double.NaN);
  }
}
