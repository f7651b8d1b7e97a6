package dev.graft.task.sequence;

import dev.graft.data.TargetKind;
import dev.graft.layers.Layer;
import dev.graft.model.HeadInput;
import dev.graft.model.Model;
import dev.graft.task.Metric;
import dev.graft.task.Metrics;
import dev.graft.task.Task;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Each token of a text from those before it; loss is the mean cross entropy over tokens but the
 * first and padding. The network's own head over words is what trains: it must be a decoder.
 *
 * <p>Scores of an example are the natural logarithms of the probabilities of its tokens from the
 * second on.
 */
public record CausalLanguageModelling() implements Task {

  /** Id of this task. */
  public static final String ID = "causal-language-modelling";

  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";

  /** A label that counts nothing, see {@link Nn#crossEntropy(Tensor, Tensor, Tensor, double)}. */
  private static final double IGNORED = -100;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.NEXT_WORD;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of();
  }

  @Override
  public List<String> labels() {
    return List.of();
  }

  /** Never asked for: the network keeps its own. */
  @Override
  public Layer head(long features) {
    throw new IllegalStateException("a language model keeps the head that it has");
  }

  @Override
  public HeadInput headInput() {
    return HeadInput.POSITION;
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
    return Set.of(IDS, MASK);
  }

  /** {@code labels} (N, L): the token that comes next. */
  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    Tensor ids = inputs.get(IDS);
    Tensor padding = Tensor.full(IGNORED, DType.INT64, ids.size(0), 1);
    long length = ids.size(1) - 1;
    Tensor next = ids.narrow(1, 1, length);
    Tensor counts = inputs.get(MASK).narrow(1, 1, length).gt(0);
    Tensor known = Tensor.where(counts, next, padding.expand(ids.size(0), length));
    return NamedTensors.of("labels", Tensor.cat(List.of(known, padding), 1));
  }

  @Override
  public Tensor loss(NamedTensors outputs, NamedTensors targets) {
    Tensor logits = outputs.get("logits");
    Tensor labels = targets.get("labels");
    if (labels.max().item() < 0) {
      return logits.sum().mul(0); // a mean over no token is not a number
    }
    return Nn.crossEntropy(logits.reshape(-1, logits.size(2)), labels.reshape(-1), 0);
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    Tensor logits = outputs.get("logits").detach();
    long[] mask = inputs.get(MASK).toLongs();
    int width = mask.length / (int) logits.size(0);
    double[][] rows = new double[(int) logits.size(0)][];
    for (int i = 0; i < rows.length; i++) {
      long tokens = Arrays.stream(mask, i * width, (i + 1) * width).sum();
      rows[i] = scores(logits.select(0, i), inputs.get(IDS).select(0, i), (int) tokens - 1);
    }
    return rows;
  }

  /** One text at a time: probabilities of all words at all positions are large. */
  private static double[] scores(Tensor logits, Tensor ids, int count) {
    if (count < 1) {
      return new double[0];
    }
    try (Scope scope = Scope.open()) {
      Tensor known = Nn.logSoftmax(logits.narrow(0, 0, count).to(DType.FLOAT32), -1);
      float[] found = known.gather(1, ids.narrow(0, 1, count).unsqueeze(1)).toFloats();
      double[] row = new double[count];
      Arrays.setAll(row, token -> found[token]);
      return row;
    }
  }

  /** The perplexity of one text. */
  @Override
  public double value(double[] scores) {
    return perplexity(new double[][] {scores});
  }

  /** The inverse of the geometric mean of the tokens' probabilities; 1 at best. */
  private static double perplexity(double[][] scores) {
    double[] all = Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray();
    return Math.exp(-Arrays.stream(all).average().orElse(Double.NaN));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metrics.ofRows("perplexity", false, (scores, targets) -> perplexity(scores)));
  }
}
