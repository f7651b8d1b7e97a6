package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Block;
import dev.graft.text.block.SequenceAttention;
import dev.graft.text.block.SequenceAttention.Kind;
import dev.graft.text.block.TiedLinear;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Encoders with decoders that name their parts as BART does, with normalisation behind each branch:
 * BART itself, Marian. They differ in what stands in front of the blocks.
 */
abstract class BartLike extends Translator {

  static final double EPS = 1e-5;
  private static final List<String> PROJECTIONS = List.of("q_proj", "k_proj", "v_proj", "out_proj");

  @Override
  List<String> unread() {
    return List.of("^model\\.(?:en|de)coder\\.embed_tokens\\.", "^lm_head\\.");
  }

  @Override
  List<Setting> settings() {
    return List.of(
        Setting.integer("vocab_size", 50_265, 1, 10_000_000, "words"),
        Setting.integer("d_model", 1_024, 1, 65_536, "features"),
        Setting.integer("encoder_layers", 12, 1, 1_000, "blocks of the encoder"),
        Setting.integer("decoder_layers", 12, 1, 1_000, "blocks of the decoder"),
        Setting.integer("encoder_attention_heads", 16, 1, 1_000, "heads of the encoder"),
        Setting.integer("decoder_attention_heads", 16, 1, 1_000, "heads of the decoder"),
        Setting.integer("encoder_ffn_dim", 4_096, 1, 1_000_000, "features between"),
        Setting.integer("decoder_ffn_dim", 4_096, 1, 1_000_000, "features between"),
        Setting.integer("max_position_embeddings", 1_024, 1, 1_000_000, "positions"),
        Setting.text("activation_function", "gelu", List.of(), "function between"),
        Setting.number("dropout", 0.1, 0, 0.99, "probability behind a branch"),
        Setting.number("attention_dropout", 0, 0, 0.99, "probability of a weight"),
        Setting.flag("scale_embedding", false, "whether words are scaled by sqrt(d_model)"),
        Setting.integer("decoder_start_token_id", 2, 0, 10_000_000, "id that begins an answer"),
        Setting.integer("pad_token_id", 1, 0, 10_000_000, "id of padding"));
  }

  /** Adds positions to the words of the half under {@code path}. */
  abstract Embeddings counted(
      TranslatingNetwork network, Settings settings, String path, Embeddings words);

  /** Places what is done to the embeddings of the half under {@code path}. */
  UnaryOperator<Tensor> finished(TranslatingNetwork network, Settings settings, String path) {
    return x -> x;
  }

  @Override
  Network network(Settings settings, Head.Kind kind) {
    long features = settings.integer("d_model");
    TranslatingNetwork network =
        new TranslatingNetwork(
            features, settings.integer("decoder_start_token_id"), settings.integer("pad_token_id"));
    Embedding table = new Embedding(settings.integer("vocab_size"), features);
    Child words = network.place("model.shared", table);
    List<String> first = new ArrayList<>(List.of("model.shared"));
    for (String half : List.of("model.encoder.", "model.decoder.")) {
      first.addAll(List.of(half + "embed_positions", half + "layernorm_embedding"));
    }
    network.embeddings(first);
    network.encoder(half(network, settings, words, true), List.of("model.encoder"));
    network.decoder(half(network, settings, words, false), List.of("model.decoder"));
    Tensor bias =
        network.constant("final_logits_bias", Tensor.zeros(1, settings.integer("vocab_size")));
    network.head(new TiedLinear(table, 1, null), logits -> logits.add(bias));
    return network;
  }

  private TranslatingNetwork.Half half(
      TranslatingNetwork network, Settings settings, Child words, boolean encoder) {
    String side = encoder ? "encoder" : "decoder";
    String name = "model." + side;
    boolean scaled = settings.flag("scale_embedding");
    Embeddings plain =
        Embeddings.of(words).scaled(scaled ? Math.sqrt(settings.integer("d_model")) : 1);
    Embeddings sum = counted(network, settings, name, plain);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < settings.integer(side + "_layers"); i++) {
      blocks.add(block(settings, encoder));
    }
    Map<String, Child> placed = blocks(network, name + ".layers.", blocks);
    UnaryOperator<Tensor> finish = finished(network, settings, name);
    Child drop = network.place(name + ".dropout", dropout(settings.number("dropout")));
    return new TranslatingNetwork.Half(
        name,
        (ids, past) -> drop.apply(finish.apply(sum.apply(NamedTensors.of("input_ids", ids), past))),
        placed,
        x -> x,
        Optional.empty());
  }

  private static Block block(Settings settings, boolean encoder) {
    String side = encoder ? "encoder" : "decoder";
    long features = settings.integer("d_model");
    long hidden = settings.integer(side + "_ffn_dim");
    double drop = settings.number("dropout");
    SequenceAttention.Shape shape =
        SequenceAttention.Shape.of(
            features,
            settings.integer(side + "_attention_heads"),
            encoder ? Kind.FULL : Kind.CAUSAL,
            settings.number("attention_dropout"));
    Block block =
        new Block(Block.Placement.POST)
            .branch("self_attn_layer_norm", norm(features, EPS))
            .then("self_attn", attention(shape, features, PROJECTIONS, true))
            .then("dropout1", dropout(drop));
    if (!encoder) {
      block
          .branch("encoder_attn_layer_norm", norm(features, EPS))
          .then("encoder_attn", attention(shape.of(Kind.ACROSS), features, PROJECTIONS, true))
          .then("dropout2", dropout(drop));
    }
    return block
        .branch("final_layer_norm", norm(features, EPS))
        .then("fc1", linear(features, hidden))
        .then("activation_fn", activationLayer(settings.text("activation_function")))
        .then("fc2", linear(hidden, features))
        .then("dropout3", dropout(drop));
  }
}
