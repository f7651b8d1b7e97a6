package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Dropout;
import dev.graft.layers.Layer;
import dev.graft.model.Group;
import dev.graft.model.HeadInput;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Pass;
import dev.graft.text.block.SequenceLayer;
import dev.graft.text.block.WordModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/**
 * A transformer over one sequence: embeddings, blocks, a head. Inputs: {@code input_ids} (N, L)
 * INT64; if there are any, {@code attention_mask} (N, L) and {@code token_type_ids} (N, L). Output:
 * {@code logits}, (N, K) or (N, L, K).
 *
 * <p>Groups: {@code embeddings}, one for each block, {@code head}. What stands between the last
 * block and the head, a normalisation or a pooler, belongs to the last block.
 */
public final class SequenceNetwork extends PlacedNetwork implements WordModel {

  /** Makes hidden states (N, L, D) of the inputs. */
  @FunctionalInterface
  interface Embedder {

    /**
     * The hidden states in front of the first block.
     *
     * @param past number of positions before the first one
     */
    Tensor embed(NamedTensors inputs, long past);
  }

  private record Stage(String name, List<String> modules, Child block) {}

  private final long features;
  private final String newHead;
  private final Head.Pooling newPooling;
  private final double headDropout;
  private final List<Stage> stages = new ArrayList<>();
  private final List<String> embeddingModules = new ArrayList<>();
  private final List<String> finalModules = new ArrayList<>();
  private Embedder embedder;
  private UnaryOperator<Tensor> finish = x -> x;
  private Optional<LongFunction<Tensor>> bias = Optional.empty();
  private Head head;

  /**
   * An empty network.
   *
   * @param features D
   * @param newHead name of the head of a task that is not the published one
   * @param newPooling how it makes one vector of a text
   * @param headDropout probability in front of it
   */
  SequenceNetwork(long features, String newHead, Head.Pooling newPooling, double headDropout) {
    this.features = features;
    this.newHead = newHead;
    this.newPooling = newPooling;
    this.headDropout = headDropout;
  }

  /** Says how hidden states begin, and which modules do it. */
  void embeds(Embedder value, String... modules) {
    embedder = value;
    embeddingModules.addAll(List.of(modules));
  }

  /** Says that a module which all blocks read belongs to the embeddings. */
  void embeddingModule(String path) {
    embeddingModules.add(path);
  }

  /** Appends a block, a group of its own. */
  void block(String name, String path, SequenceLayer block) {
    stages.add(new Stage(name, List.of(path), place(path, block)));
  }

  /** Appends a group of blocks that stand elsewhere. */
  void shared(String name, String path, Child block) {
    stages.add(new Stage(name, List.of(path), block));
  }

  /** Says what is done behind the last block, and by which modules. */
  void finishes(UnaryOperator<Tensor> value, String... modules) {
    finish = value;
    finalModules.addAll(List.of(modules));
  }

  /** Says what is added to the scores of every attention, (1, heads, L, L) by L. */
  void scoreBias(LongFunction<Tensor> value) {
    bias = Optional.of(value);
  }

  /** Sets the head. */
  void head(Head value) {
    head = value;
  }

  /** The present head. */
  Head head() {
    return head;
  }

  @Override
  public List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    groups.add(new Group("embeddings", embeddingModules, this::embed));
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      if (i < stages.size() - 1) {
        groups.add(new Group(stage.name, stage.modules, state -> through(stage, state)));
      } else {
        List<String> modules = new ArrayList<>(stage.modules);
        modules.addAll(finalModules);
        modules.addAll(head.inner());
        groups.add(
            new Group(stage.name, modules, state -> featuresOf(state, through(stage, state))));
      }
    }
    groups.add(
        new Group("head", List.of(headRoot()), state -> head.outputs(state.get("features"))));
    return groups;
  }

  private NamedTensors embed(NamedTensors inputs) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("hidden", embedder.embed(inputs, 0));
    if (inputs.has(Pass.MASK)) {
      state.put(Pass.MASK, inputs.get(Pass.MASK));
    }
    return NamedTensors.of(state);
  }

  private NamedTensors through(Stage stage, NamedTensors state) {
    Tensor hidden = state.get("hidden");
    Pass pass = Pass.over(state, hidden);
    if (bias.isPresent()) {
      pass = pass.withBias(bias.get().apply(hidden.size(1)));
    }
    return state.with("hidden", SequenceLayer.apply(stage.block, hidden, pass));
  }

  private NamedTensors featuresOf(NamedTensors before, NamedTensors state) {
    Tensor hidden = finish.apply(state.get("hidden"));
    Tensor tokens =
        before.has(Pass.MASK) ? Pass.tokens(before.get(Pass.MASK), hidden.size(1)) : null;
    return NamedTensors.of("features", head.features(hidden, tokens));
  }

  @Override
  public Tensor next(Tensor ids, Pass pass) {
    Tensor hidden = embedder.embed(NamedTensors.of("input_ids", ids), pass.past());
    for (Stage stage : stages) {
      hidden = SequenceLayer.apply(stage.block, hidden, pass);
    }
    if (pass.cache() != null) {
      pass.cache().advance(ids.size(1));
    }
    Tensor last = hidden.narrow(1, hidden.size(1) - 1, 1);
    return head.outputs(head.features(finish.apply(last), null)).get("logits").squeeze(1);
  }

  @Override
  public boolean saysNextWord() {
    return head.kind() == Head.Kind.WORDS && newPooling == Head.Pooling.LAST;
  }

  @Override
  public boolean saysHiddenWords() {
    return head.kind() == Head.Kind.WORDS && newPooling != Head.Pooling.LAST;
  }

  private String headRoot() {
    return head.path();
  }

  @Override
  public String headPath() {
    return head.path();
  }

  @Override
  public long featureCount() {
    return features;
  }

  @Override
  public void replaceHead(Layer layer) {
    replaceHead(layer, HeadInput.EXAMPLE);
  }

  @Override
  public void replaceHead(Layer layer, HeadInput input) {
    if (head.takes(input)) {
      head.last().replace(layer);
      return;
    }
    for (String path : head.inner()) {
      forget(path).close();
    }
    Layer old = forget(head.path());
    old.close();
    boolean span = input == HeadInput.SPAN;
    String path = span ? Heads.SPANS : newHead;
    head =
        new Head(
            kindOf(input),
            input == HeadInput.EXAMPLE ? newPooling : Head.Pooling.NONE,
            span ? List.of() : List.of(headDropout()),
            List.of(),
            path,
            place(path, layer),
            Optional.empty());
  }

  private static Head.Kind kindOf(HeadInput input) {
    return switch (input) {
      case EXAMPLE -> Head.Kind.SEQUENCE;
      case POSITION -> Head.Kind.TOKEN;
      case SPAN -> Head.Kind.SPAN;
    };
  }

  private Child headDropout() {
    return children().containsKey("dropout")
        ? children().get("dropout")
        : place("dropout", new Dropout(headDropout));
  }

  /** Forgets a module, and the containers around it that hold nothing else. */
  private Layer forget(String path) {
    int dot = path.indexOf('.');
    return dot < 0
        ? dropChild(path)
        : container(path.substring(0, dot)).forget(path.substring(dot + 1));
  }
}
