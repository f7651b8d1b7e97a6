package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.text.block.Block;
import dev.graft.text.block.SequenceAttention;
import java.util.List;
import java.util.Map;

/** OPT: as GPT-2 with separate projections, a ReLU, and positions that begin at 2. */
public final class Opt extends Decoder {

  private static final int FIRST_POSITION = 2;
  private static final List<String> PROJECTIONS = List.of("q_proj", "k_proj", "v_proj", "out_proj");

  @Override
  public About about() {
    return new About(
        "opt",
        "transformer decoder with learned positions and separate projections",
        "Zhang et al. 2022, OPT");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("opt", "OPT");
  }

  @Override
  String root() {
    return "model";
  }

  @Override
  List<String> unread() {
    return List.of("^lm_head\\.");
  }

  @Override
  List<Setting> settings() {
    return List.of(
        Setting.integer("vocab_size", 50_272, 1, 10_000_000, "words"),
        Setting.integer("hidden_size", 768, 1, 65_536, "features"),
        Setting.integer("num_hidden_layers", 12, 1, 1_000, "blocks"),
        Setting.integer("num_attention_heads", 12, 1, 1_000, "heads"),
        Setting.integer("ffn_dim", 3_072, 1, 1_000_000, "features between"),
        Setting.integer("max_position_embeddings", 2_048, 1, 1_000_000, "positions"),
        Setting.integer("word_embed_proj_dim", 0, 0, 65_536, "must be hidden_size; 0: it is"),
        Setting.text("activation_function", "relu", List.of(), "function between"),
        Setting.flag("do_layer_norm_before", true, "whether norms stand in front"),
        Setting.number("dropout", 0.1, 0, 0.99, "probability behind a branch"),
        Setting.number("attention_dropout", 0, 0, 0.99, "probability of a weight"));
  }

  @Override
  long features(Settings settings) {
    int projected = settings.integer("word_embed_proj_dim");
    int features = settings.integer("hidden_size");
    if (projected != 0 && projected != features) {
      throw new IllegalArgumentException(
          "word_embed_proj_dim %d differs from hidden_size %d; members of OPT with a projection"
                  .formatted(projected, features)
              + " (350m) are not built");
    }
    return features;
  }

  @Override
  boolean tied(Settings settings) {
    return true;
  }

  @Override
  Final last(Settings settings) {
    return new Final("model.decoder.final_layer_norm", norm(features(settings), 1e-5));
  }

  @Override
  String wordTable(Settings settings) {
    return "model.decoder.embed_tokens";
  }

  @Override
  void embeddings(SequenceNetwork network, Settings settings, Embeddings words) {
    int count = settings.integer("max_position_embeddings") + FIRST_POSITION;
    String path = "model.decoder.embed_positions";
    Child positions = network.place(path, new Embedding(count, features(settings)));
    Embeddings sum = words.counted(positions, Embeddings.Positions.from(FIRST_POSITION));
    network.embeds(sum::apply, wordTable(settings), path);
  }

  @Override
  void blocks(SequenceNetwork network, Settings settings) {
    long features = features(settings);
    long hidden = settings.integer("ffn_dim");
    double drop = settings.number("dropout");
    boolean before = settings.flag("do_layer_norm_before");
    SequenceAttention.Shape shape =
        SequenceAttention.Shape.of(
            features,
            settings.integer("num_attention_heads"),
            SequenceAttention.Kind.CAUSAL,
            settings.number("attention_dropout"));
    for (int i = 0; i < settings.integer("num_hidden_layers"); i++) {
      Block block =
          new Block(before ? Block.Placement.PRE : Block.Placement.POST)
              .branch("self_attn_layer_norm", norm(features, 1e-5))
              .then("self_attn", attention(shape, features, PROJECTIONS, /* bias= */ true))
              .then("dropout1", dropout(drop))
              .branch("final_layer_norm", norm(features, 1e-5))
              .then("fc1", linear(features, hidden))
              .then("activation_fn", activationLayer(settings.text("activation_function")))
              .then("fc2", linear(hidden, features))
              .then("dropout2", dropout(drop));
      network.block("layers." + i, "model.decoder.layers." + i, block);
    }
  }
}
