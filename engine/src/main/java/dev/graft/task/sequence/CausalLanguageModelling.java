package dev.graft.task.sequence;

import dev.graft.data.TargetKind;
import dev.graft.model.Model;
import dev.graft.task.Metric;
import dev.graft.task.Metrics;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Set;

/**
 * Each token of a text from those before it; loss is the mean cross entropy over tokens but the
 * first and padding. The network's own head over words is what trains: it must be a decoder.
 *
 * <p>Scores of an example are the natural logarithms of the probabilities of its tokens from the
 * second on.
 */
public record CausalLanguageModelling() implements LanguageTask {

  /** Id of this task. */
  public static final String ID = "causal-language-modelling";

  /**
   * Name of the input that is 1 where a token is learned and 0 where it is only read, (N, L) INT64;
   * without it all are.
   */
  public static final String LEARNED = "learned_tokens";

  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.NEXT_WORD;
  }

  @Override
  public void putHeadOn(Model model) {
    if (!model.network().saysNextWord()) {
      throw new IllegalArgumentException(
          "%s needs a decoder with its head over words, this %s has none; choose another base"
              .formatted(ID, model.spec().family()));
    }
  }

  @Override
  public Set<String> reads() {
    return Set.of(IDS, MASK, LEARNED);
  }

  /** {@code labels} (N, L): the token that comes next. */
  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    Tensor ids = inputs.get(IDS);
    Tensor padding = Tensor.full((double) WordScores.IGNORED, DType.INT64, ids.size(0), 1);
    long length = ids.size(1) - 1;
    Tensor next = ids.narrow(1, 1, length);
    Tensor counted = inputs.has(LEARNED) ? inputs.get(LEARNED) : inputs.get(MASK);
    Tensor counts = counted.narrow(1, 1, length).gt(0);
    Tensor known = Tensor.where(counts, next, padding.expand(ids.size(0), length));
    return NamedTensors.of("labels", Tensor.cat(List.of(known, padding), 1));
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    return rows(outputs, inputs, WordScores.Known::logs);
  }

  /** The perplexity of one text. */
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
