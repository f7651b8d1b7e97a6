package dev.graft.text.vectors;

import dev.graft.layers.Child;
import dev.graft.layers.Dropout;
import dev.graft.layers.Embedding;
import dev.graft.layers.Linear;
import dev.graft.model.Group;
import dev.graft.model.Network;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Container;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Word vectors, recurrent layers behind them if there are any, and what positions are pooled to:
 * the mean and the maximum, behind recurrent layers the last state too (Howard and Ruder 2018).
 * Inputs: {@code input_ids} (N, L) INT64; if there is any, {@code attention_mask} (N, L). Output:
 * {@code logits} (N, K).
 *
 * <p>Groups: {@code embeddings}, one for each recurrent layer, {@code head}.
 */
final class VectorNetwork extends Network {

  /**
   * Sizes.
   *
   * @param words rows of the table
   * @param size features of a word
   * @param hidden features of each recurrent layer, in order; empty for none
   * @param classes outputs of the head
   */
  record Shape(long words, long size, List<Long> hidden, long classes) {}

  /**
   * Probabilities in training mode.
   *
   * @param words that a word loses its vector
   * @param input that a feature of the words is dropped for a whole text
   * @param between the same behind a recurrent layer
   * @param weights that a weight between states is dropped
   * @param head that a feature in front of the head is dropped
   */
  record Drops(double words, double input, double between, double weights, double head) {}

  private static final String SEEN = "seen";

  private final WordVectors vectors;
  private final Child inputDrop;
  private final List<Child> layers = new ArrayList<>();
  private final List<Child> drops = new ArrayList<>();
  private final Child headDrop;
  private final Child head;
  private final long features;

  VectorNetwork(Shape shape, Drops drop) {
    Child table = child("embedding", new Embedding(shape.words, shape.size));
    vectors = new WordVectors(table, shape.words, drop.words);
    inputDrop = child("input_dropout", new LockedDropout(drop.input));
    Container rnns = new Container();
    if (!shape.hidden.isEmpty()) {
      Child unused = child("rnns", rnns);
    }
    long last = shape.size;
    for (int i = 0; i < shape.hidden.size(); i++) {
      layers.add(
          rnns.place(Integer.toString(i), new Lstm(last, shape.hidden.get(i), drop.weights)));
      drops.add(child("dropout_" + i, new LockedDropout(drop.between)));
      last = shape.hidden.get(i);
    }
    features = last * (shape.hidden.isEmpty() ? 2 : 3);
    headDrop = child("dropout", new Dropout(drop.head));
    head = child("classifier", new Linear(features, shape.classes));
  }

  @Override
  public List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    boolean bag = layers.isEmpty();
    groups.add(
        new Group(
            "embeddings",
            List.of("embedding"),
            inputs -> bag ? pooled(begin(inputs)) : begin(inputs)));
    for (int i = 0; i < layers.size(); i++) {
      int at = i;
      boolean last = i == layers.size() - 1;
      groups.add(
          new Group(
              "rnns." + i,
              List.of("rnns." + i),
              state -> last ? pooled(through(at, state)) : through(at, state)));
    }
    groups.add(
        new Group(
            "head",
            List.of("classifier"),
            state -> NamedTensors.of("logits", head.apply(headDrop.apply(state.get("features"))))));
    return groups;
  }

  /** Vectors, and which positions count: words with one for a bag, all tokens for recurrence. */
  private NamedTensors begin(NamedTensors inputs) {
    Tensor known = vectors.known(inputs);
    Tensor tokens =
        inputs.has("attention_mask") ? inputs.get("attention_mask").gt(0.5) : known.eq(known);
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("hidden", inputDrop.apply(vectors.of(inputs)));
    state.put(SEEN, (layers.isEmpty() ? known : tokens).to(DType.FLOAT32));
    return NamedTensors.of(state);
  }

  private NamedTensors through(int layer, NamedTensors state) {
    Tensor hidden = layers.get(layer).apply(state.get("hidden"));
    return state.with("hidden", drops.get(layer).apply(hidden));
  }

  /** Of a text in which nothing counts all features are zero. */
  private NamedTensors pooled(NamedTensors state) {
    Tensor hidden = state.get("hidden");
    Tensor seen = state.get(SEEN).unsqueeze(2);
    Tensor count = seen.sum(false, 1);
    Tensor mean = hidden.mul(seen).sum(false, 1).div(count.clamp(1, Float.MAX_VALUE));
    Tensor hiding = seen.sub(1).mul(1e9);
    Tensor index = hidden.mul(seen).add(hiding).argmax(1).unsqueeze(1);
    Tensor largest = hidden.mul(seen).gather(1, index).squeeze(1);
    List<Tensor> parts = new ArrayList<>(List.of(mean, largest));
    if (!layers.isEmpty()) {
      Tensor end = count.sub(1).clamp(0, Float.MAX_VALUE).to(DType.INT64);
      Tensor at = end.unsqueeze(2).expand(hidden.size(0), 1, hidden.size(2));
      parts.add(hidden.gather(1, at).squeeze(1));
    }
    return NamedTensors.of("features", Tensor.cat(parts, 1));
  }

  @Override
  public String headPath() {
    return "classifier";
  }

  @Override
  public long featureCount() {
    return features;
  }
}
