package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Block;
import dev.graft.text.block.GatedFeedForward;
import dev.graft.text.block.RmsNorm;
import dev.graft.text.block.SequenceAttention;
import dev.graft.text.block.SequenceAttention.Kind;
import dev.graft.text.block.TiedLinear;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** T5 and its version 1.1: distances instead of positions, no biases, scores without a scale. */
public final class T5 extends Translator {

  private static final double EPS = 1e-6;
  private static final List<String> PROJECTIONS = List.of("q", "k", "v", "o");

  @Override
  public About about() {
    return new About(
        "t5",
        "encoder and decoder with learned distances; version 1.1 with gated feed-forward",
        "Raffel et al. 2020, T5");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("t5", "T5", "mt5", "MT5");
  }

  @Override
  List<String> unread() {
    return List.of("^(?:en|de)coder\\.embed_tokens\\.");
  }

  @Override
  List<Setting> settings() {
    return List.of(
        Setting.integer("vocab_size", 32_128, 1, 10_000_000, "words"),
        Setting.integer("d_model", 512, 1, 65_536, "features"),
        Setting.integer("d_kv", 64, 1, 65_536, "features of a head"),
        Setting.integer("d_ff", 2_048, 1, 1_000_000, "features between"),
        Setting.integer("num_layers", 6, 1, 1_000, "blocks of the encoder"),
        Setting.integer("num_decoder_layers", 0, 0, 1_000, "of the decoder; 0: as the encoder"),
        Setting.integer("num_heads", 8, 1, 1_000, "heads"),
        Setting.integer("relative_attention_num_buckets", 32, 2, 10_000, "buckets of distances"),
        Setting.integer("relative_attention_max_distance", 128, 2, 1_000_000, "in tokens"),
        Setting.number("dropout_rate", 0.1, 0, 0.99, "probability"),
        Setting.text("feed_forward_proj", "relu", List.of(), "relu or gated-gelu"),
        Setting.integer("decoder_start_token_id", 0, 0, 10_000_000, "id that begins an answer"),
        Setting.integer("pad_token_id", 0, 0, 10_000_000, "id of padding"),
        Setting.flag("tie_word_embeddings", true, "whether the head is the table of words"));
  }

  /**
   * By the number of inputs, since scores have no scale: that of queries stands in their weights;
   * words have a spread of one, since the head divides by the root of their size.
   */
  @Override
  double spread(String path, Tensor weight, Settings settings) {
    if (path.equals("shared")) {
      return 1;
    }
    double inputs =
        path.endsWith("relative_attention_bias")
            ? settings.integer("d_model")
            : (double) weight.size(1);
    return 1 / Math.sqrt(path.endsWith(".q") ? inputs * settings.integer("d_kv") : inputs);
  }

  @Override
  Network network(Settings settings, Head.Kind kind) {
    long features = settings.integer("d_model");
    TranslatingNetwork network =
        new TranslatingNetwork(
            features, settings.integer("decoder_start_token_id"), settings.integer("pad_token_id"));
    Embedding table = new Embedding(settings.integer("vocab_size"), features);
    Embeddings words = Embeddings.of(network.place("shared", table));
    network.embeddings(List.of("shared"));
    network.encoder(half(network, settings, words, true), List.of("encoder"));
    network.decoder(half(network, settings, words, false), List.of("decoder"));
    boolean tied = settings.flag("tie_word_embeddings");
    Layer head =
        tied
            ? new TiedLinear(table, 1 / Math.sqrt((double) features), null)
            : new Linear(features, settings.integer("vocab_size"), false);
    network.head(head, logits -> logits);
    return network;
  }

  private static TranslatingNetwork.Half half(
      TranslatingNetwork network, Settings settings, Embeddings words, boolean encoder) {
    String name = encoder ? "encoder" : "decoder";
    long features = settings.integer("d_model");
    double drop = settings.number("dropout_rate");
    int given = settings.integer("num_decoder_layers");
    int count = encoder || given == 0 ? settings.integer("num_layers") : given;
    SequenceAttention.Shape shape =
        new SequenceAttention.Shape(
            settings.integer("num_heads"),
            settings.integer("num_heads"),
            settings.integer("d_kv"),
            1,
            drop,
            encoder ? Kind.FULL : Kind.CAUSAL,
            Optional.empty());
    int buckets = settings.integer("relative_attention_num_buckets");
    Child first = network.place(name + ".dropout", dropout(drop));
    List<Block> blocks = new ArrayList<>();
    Child distances = null;
    for (int i = 0; i < count; i++) {
      SequenceAttention own = attention(shape, features, PROJECTIONS, false);
      if (i == 0) {
        distances = own.place("relative_attention_bias", new Embedding(buckets, shape.heads()));
      }
      blocks.add(block(settings, own, shape, encoder));
    }
    Distances bias =
        new Distances(
            distances, buckets, settings.integer("relative_attention_max_distance"), encoder);
    Map<String, Child> placed = blocks(network, name + ".block.", blocks);
    Child norm = network.place(name + ".final_layer_norm", new RmsNorm(features, EPS));
    Child last = network.place(name + ".dropout2", dropout(drop));
    return new TranslatingNetwork.Half(
        name,
        (ids, past) ->
            first.apply(words.apply(dev.graft.tensor.NamedTensors.of("input_ids", ids), past)),
        placed,
        x -> last.apply(norm.apply(x)),
        Optional.of(bias::bias));
  }

  private static Block block(
      Settings settings, SequenceAttention own, SequenceAttention.Shape shape, boolean encoder) {
    long features = settings.integer("d_model");
    double drop = settings.number("dropout_rate");
    Block block =
        new Block(Block.Placement.PRE)
            .branch("layer.0.layer_norm", new RmsNorm(features, EPS))
            .then("layer.0.SelfAttention", own)
            .then("layer.0.dropout", dropout(drop));
    if (!encoder) {
      block
          .branch("layer.1.layer_norm", new RmsNorm(features, EPS))
          .then(
              "layer.1.EncDecAttention",
              attention(shape.of(Kind.ACROSS), features, PROJECTIONS, false))
          .then("layer.1.dropout", dropout(drop));
    }
    String at = encoder ? "layer.1" : "layer.2";
    block.branch(at + ".layer_norm", new RmsNorm(features, EPS));
    feedForward(block, settings, at + ".DenseReluDense");
    return block.then(at + ".dropout", dropout(drop));
  }

  private static void feedForward(Block block, Settings settings, String at) {
    long features = settings.integer("d_model");
    long hidden = settings.integer("d_ff");
    double drop = settings.number("dropout_rate");
    String kind = settings.text("feed_forward_proj");
    if (kind.startsWith("gated-")) {
      String function = kind.substring("gated-".length());
      block.then(
          at,
          new GatedFeedForward(
              List.of("wi_0", "wi_1", "wo"),
              features,
              hidden,
              activation(function.equals("gelu") ? "gelu_new" : function),
              drop));
      return;
    }
    block
        .then(at + ".wi", new Linear(features, hidden, false))
        .then(at + ".act", activationLayer(kind))
        .then(at + ".dropout", dropout(drop))
        .then(at + ".wo", new Linear(hidden, features, false));
  }
}
