package dev.graft.task.sequence;

import dev.graft.data.Preprocessing;
import dev.graft.data.TargetKind;
import dev.graft.model.Model;
import dev.graft.task.Metric;
import dev.graft.task.Metrics;
import dev.graft.tensor.NamedTensors;
import java.util.List;
import java.util.Set;

/**
 * Words of a text that were hidden, from all others (Devlin et al. 2019); loss is the mean cross
 * entropy over the hidden ones. The preprocessing hides them, in training other ones at each pass.
 * The network's own head over words is what trains: it must be an encoder.
 *
 * <p>Scores of an example are the natural logarithms of the probabilities of its hidden words.
 */
public record MaskedLanguageModelling() implements LanguageTask {

  /** Id of this task. */
  public static final String ID = "masked-language-modelling";

  /** Id of the random path of a preprocessing that hides words. */
  public static final String MASKING = "masking";

  /** Name of the input that holds the hidden words, (N, L) INT64; −100 where nothing is hidden. */
  public static final String LABELS = SequenceToSequence.LABELS;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.MASKED_WORDS;
  }

  @Override
  public String augmentation(Preprocessing preprocessing) {
    return MASKING;
  }

  @Override
  public void putHeadOn(Model model) {
    if (!model.network().saysHiddenWords()) {
      throw new IllegalArgumentException(
          "%s needs an encoder with its head over words, this %s has none; choose another base, or"
                  .formatted(ID, model.spec().family())
              + " name the class with that head under 'architectures' in its config.json");
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
          ID
              + " says how likely hidden words are, and in this input none is hidden; evaluate on"
              + " texts, or let the model be the base of another task");
    }
    return NamedTensors.of("labels", inputs.get(LABELS));
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    return rows(outputs, inputs, WordScores.Known::logs);
  }

  /** The perplexity of the hidden words of one text. */
  @Override
  public double value(double[] scores) {
    return WordScores.perplexity(scores);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metrics.ofRows("perplexity", false, (scores, targets) -> WordScores.perplexity(scores)));
  }
}
