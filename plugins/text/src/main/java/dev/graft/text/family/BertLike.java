package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Block;
import dev.graft.text.block.SequenceAttention;
import java.util.List;
import java.util.Optional;

/**
 * Encoders that name their parts as BERT does: BERT itself, RoBERTa, XLM-R, ELECTRA. They differ in
 * how positions are counted and in their heads.
 */
abstract class BertLike extends TextFamily {

  @Override
  List<Setting> settings() {
    return List.of(
        Setting.integer("vocab_size", 30_522, 1, 10_000_000, "words"),
        Setting.integer("hidden_size", 768, 1, 65_536, "features"),
        Setting.integer("embedding_size", 0, 0, 65_536, "features of embeddings; 0: hidden_size"),
        Setting.integer("num_hidden_layers", 12, 1, 1_000, "blocks"),
        Setting.integer("num_attention_heads", 12, 1, 1_000, "heads"),
        Setting.integer("intermediate_size", 3_072, 1, 1_000_000, "features between"),
        Setting.text("hidden_act", "gelu", List.of(), "function between"),
        Setting.integer("max_position_embeddings", 512, 1, 1_000_000, "positions"),
        Setting.integer("type_vocab_size", 2, 0, 1_000, "segments"),
        Setting.number("layer_norm_eps", 1e-12, 0, 1, "added to a variance"),
        Setting.number("hidden_dropout_prob", 0.1, 0, 0.99, "probability"),
        Setting.number("attention_probs_dropout_prob", 0.1, 0, 0.99, "probability"),
        Setting.number("classifier_dropout", 0.1, 0, 0.99, "probability in front of a head"),
        Setting.integer("pad_token_id", 0, 0, 10_000_000, "id of padding"),
        Setting.text(
            "position_embedding_type", "absolute", List.of("absolute"), "kind of positions"));
  }

  /** Places the blocks. */
  void blocks(SequenceNetwork network, Settings settings) {
    for (int i = 0; i < settings.integer("num_hidden_layers"); i++) {
      SequenceAttention self = attention(settings, List.of("query", "key", "value"));
      network.block("layer." + i, root() + ".encoder.layer." + i, block(settings, self));
    }
  }

  /** Path of the projection behind the embeddings. */
  String projection() {
    return root() + ".embeddings_project";
  }

  /** True if there is a projection even where it changes no size. */
  boolean alwaysProjects() {
    return false;
  }

  /** How the learned positions are counted; empty where there are none. */
  Optional<Embeddings.Positions> positions(Settings settings) {
    return Optional.of(Embeddings.Positions.PLAIN);
  }

  /** The head over one vector per text. */
  abstract Head classifier(SequenceNetwork network, Settings settings);

  /** Where the parts of the head over words stand. */
  abstract Heads.Words words(Settings settings);

  @Override
  SequenceNetwork network(Settings settings, Head.Kind kind) {
    long features = settings.integer("hidden_size");
    SequenceNetwork network =
        new SequenceNetwork(
            features, "classifier", Head.Pooling.MEAN, settings.number("classifier_dropout"));
    Embedding table = embeddings(network, settings);
    blocks(network, settings);
    network.head(
        switch (kind) {
          case SEQUENCE -> classifier(network, settings);
          case WORDS -> Heads.words(network, settings, table, words(settings));
          case TOKEN -> Heads.tokens(network, settings);
          case SPAN -> Heads.spans(network, settings);
        });
    return network;
  }

  /** Words, positions, segments, a normalisation, and a projection where sizes differ. */
  private Embedding embeddings(SequenceNetwork network, Settings settings) {
    long features = settings.integer("hidden_size");
    long size = width(settings);
    String at = root() + ".embeddings";
    Embedding table = new Embedding(settings.integer("vocab_size"), size);
    Embeddings sum = Embeddings.of(network.place(at + ".word_embeddings", table));
    Optional<Embeddings.Positions> positions = positions(settings);
    if (positions.isPresent()) {
      int count = settings.integer("max_position_embeddings");
      sum =
          sum.counted(
              network.place(at + ".position_embeddings", new Embedding(count, size)),
              positions.get());
    }
    int segments = settings.integer("type_vocab_size");
    if (segments > 0) {
      sum =
          sum.segmented(
              network.place(at + ".token_type_embeddings", new Embedding(segments, size)));
    }
    List<Child> then =
        List.of(
            network.place(at + ".LayerNorm", norm(size, settings.number("layer_norm_eps"))),
            network.place(at + ".dropout", dropout(settings.number("hidden_dropout_prob"))));
    Optional<Child> projection =
        size == features && !alwaysProjects()
            ? Optional.empty()
            : Optional.of(network.place(projection(), linear(size, features)));
    Layer container = network.container(at);
    Embeddings whole = sum;
    network.embeds(
        (inputs, past) -> {
          Tensor x = container.announce(Layer.chain(then, whole.apply(inputs, past)));
          return projection.isPresent() ? projection.get().apply(x) : x;
        },
        at,
        projection());
    return table;
  }

  static long width(Settings settings) {
    int size = settings.integer("embedding_size");
    return size == 0 ? settings.integer("hidden_size") : size;
  }

  static Block block(Settings settings, SequenceAttention self) {
    long features = settings.integer("hidden_size");
    Block block =
        new Block(Block.Placement.POST)
            .branch("attention.output.LayerNorm", norm(features, settings.number("layer_norm_eps")))
            .then("attention.self", self)
            .then("attention.output.dense", linear(features, features))
            .then("attention.output.dropout", dropout(settings.number("hidden_dropout_prob")))
            .shownAs("attention");
    return feedForward(block, settings);
  }

  /** Appends the second branch. */
  static Block feedForward(Block block, Settings settings) {
    long features = settings.integer("hidden_size");
    long hidden = settings.integer("intermediate_size");
    return block
        .branch("output.LayerNorm", norm(features, settings.number("layer_norm_eps")))
        .then("intermediate.dense", linear(features, hidden))
        .then("intermediate.intermediate_act_fn", activationLayer(settings.text("hidden_act")))
        .then("output.dense", linear(hidden, features))
        .then("output.dropout", dropout(settings.number("hidden_dropout_prob")));
  }

  /** What attends to what, every position to every other. */
  static SequenceAttention.Shape shape(Settings settings) {
    return SequenceAttention.Shape.of(
        settings.integer("hidden_size"),
        settings.integer("num_attention_heads"),
        SequenceAttention.Kind.FULL,
        settings.number("attention_probs_dropout_prob"));
  }

  /** An attention over the shape of the settings, with projections of these names. */
  static SequenceAttention attention(Settings settings, List<String> names) {
    return attention(shape(settings), settings.integer("hidden_size"), names, /* bias= */ true);
  }
}
