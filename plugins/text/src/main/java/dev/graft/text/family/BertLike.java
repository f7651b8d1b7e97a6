package dev.graft.text.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.ParameterKind;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Block;
import dev.graft.text.block.SequenceAttention;
import dev.graft.text.block.TiedLinear;
import java.util.ArrayList;
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
      network.block("layer." + i, root() + ".encoder.layer." + i, block(settings));
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

  /** How positions are counted. */
  Embeddings.Positions positions(Settings settings) {
    return Embeddings.Positions.PLAIN;
  }

  /** The head over one vector per text. */
  abstract Head classifier(SequenceNetwork network, Settings settings);

  /** The head over words. */
  abstract Head words(SequenceNetwork network, Settings settings, Embedding table);

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
          case WORDS -> words(network, settings, table);
          case TOKEN -> tokens(network, settings);
          case SPAN -> spans(network, settings);
        });
    return network;
  }

  /** Words, positions, segments, a normalisation, and a projection where sizes differ. */
  private Embedding embeddings(SequenceNetwork network, Settings settings) {
    long features = settings.integer("hidden_size");
    long size = width(settings);
    String at = root() + ".embeddings";
    Embedding table = new Embedding(settings.integer("vocab_size"), size);
    Child word = network.place(at + ".word_embeddings", table);
    Child position =
        network.place(
            at + ".position_embeddings",
            new Embedding(settings.integer("max_position_embeddings"), size));
    int segments = settings.integer("type_vocab_size");
    Optional<Child> segment =
        segments == 0
            ? Optional.empty()
            : Optional.of(
                network.place(at + ".token_type_embeddings", new Embedding(segments, size)));
    List<Child> then = new ArrayList<>();
    then.add(network.place(at + ".LayerNorm", norm(size, settings.number("layer_norm_eps"))));
    then.add(network.place(at + ".dropout", dropout(settings.number("hidden_dropout_prob"))));
    Embeddings sum = new Embeddings(word, Optional.of(position), positions(settings), segment, 1);
    Optional<Child> projection =
        size == features && !alwaysProjects()
            ? Optional.empty()
            : Optional.of(network.place(projection(), linear(size, features)));
    Layer container = network.container(at);
    network.embeds(
        (inputs, past) -> {
          Tensor x = sum.apply(inputs, past);
          for (Child layer : then) {
            x = layer.apply(x);
          }
          x = container.announce(x);
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

  private static Block block(Settings settings) {
    long features = settings.integer("hidden_size");
    long hidden = settings.integer("intermediate_size");
    double eps = settings.number("layer_norm_eps");
    double drop = settings.number("hidden_dropout_prob");
    return new Block(Block.Placement.POST)
        .branch("attention.output.LayerNorm", norm(features, eps))
        .then("attention.self", attention(settings))
        .then("attention.output.dense", linear(features, features))
        .then("attention.output.dropout", dropout(drop))
        .shownAs("attention")
        .branch("output.LayerNorm", norm(features, eps))
        .then("intermediate.dense", linear(features, hidden))
        .then("intermediate.intermediate_act_fn", activationLayer(settings.text("hidden_act")))
        .then("output.dense", linear(hidden, features))
        .then("output.dropout", dropout(drop));
  }

  /** The part of an attention that has queries, keys and values, without the projection behind. */
  static SequenceAttention attention(Settings settings) {
    long features = settings.integer("hidden_size");
    return new SequenceAttention(
            SequenceAttention.Shape.of(
                features,
                settings.integer("num_attention_heads"),
                SequenceAttention.Kind.FULL,
                settings.number("attention_probs_dropout_prob")))
        .inputs(
            List.of("query", "key", "value"),
            List.of(
                linear(features, features),
                linear(features, features),
                linear(features, features)));
  }

  private static Head tokens(SequenceNetwork network, Settings settings) {
    Child drop = network.place("dropout", dropout(settings.number("classifier_dropout")));
    Linear last = linear(settings.integer("hidden_size"), settings.integer("num_labels"));
    return new Head(
        Head.Kind.TOKEN,
        Head.Pooling.NONE,
        List.of(drop),
        List.of(),
        "classifier",
        network.place("classifier", last),
        Optional.empty());
  }

  private static Head spans(SequenceNetwork network, Settings settings) {
    return new Head(
        Head.Kind.SPAN,
        Head.Pooling.NONE,
        List.of(),
        List.of(),
        "qa_outputs",
        network.place("qa_outputs", linear(settings.integer("hidden_size"), 2)),
        Optional.empty());
  }

  /**
   * A dense layer, a function and a normalisation, then the table of the words with a bias.
   *
   * @param at path of the head; its bias stands there
   * @param names of the dense layer and the normalisation below it
   */
  static Head masked(
      SequenceNetwork network, Settings settings, Embedding table, String at, List<String> names) {
    long features = settings.integer("hidden_size");
    long size = table.weight().size(1);
    List<Child> transform = new ArrayList<>();
    transform.add(network.place(at + "." + names.get(0), linear(features, size)));
    transform.add(
        network.place(at + ".transform_act_fn", activationLayer(settings.text("hidden_act"))));
    transform.add(
        network.place(at + "." + names.get(1), norm(size, settings.number("layer_norm_eps"))));
    Tensor bias =
        network
            .container(at)
            .own("bias", ParameterKind.BIAS, Tensor.zeros(settings.integer("vocab_size")));
    Child last = network.place(at + ".decoder", new TiedLinear(table, 1, bias));
    return new Head(
        Head.Kind.WORDS,
        Head.Pooling.NONE,
        transform,
        names.stream().map(name -> at + "." + name).toList(),
        at.split("\\.")[0],
        last,
        Optional.empty());
  }

  /**
   * A dense layer and a function inside the head, as RoBERTa and ELECTRA have them: the first
   * position, dropout, dense, function, dropout, projection.
   */
  static Head dense(SequenceNetwork network, Settings settings, Activation.Function function) {
    long features = settings.integer("hidden_size");
    double p = settings.number("classifier_dropout");
    List<Child> transform =
        List.of(
            network.place("classifier.dropout", dropout(p)),
            network.place("classifier.dense", linear(features, features)),
            network.place("classifier.act", new Activation(function)),
            network.place("classifier.dropout2", dropout(p)));
    return new Head(
        Head.Kind.SEQUENCE,
        Head.Pooling.FIRST,
        transform,
        List.of("classifier.dense"),
        "classifier.out_proj",
        network.place("classifier.out_proj", linear(features, settings.integer("num_labels"))),
        Optional.empty());
  }
}
