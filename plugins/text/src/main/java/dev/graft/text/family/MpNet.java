package dev.graft.text.family;

import dev.graft.layers.Activation.Function;
import dev.graft.layers.Embedding;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.text.block.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MPNet: BERT's blocks with positions that count from behind the padding id, and learned distances
 * that all blocks share.
 */
public final class MpNet extends BertLike {

  private static final String TABLE = "mpnet.encoder.relative_attention_bias";
  private static final int FARTHEST = 128;

  @Override
  public About about() {
    return new About(
        "mpnet",
        "BERT's blocks with learned distances in every score; also sentence encoders",
        "Song et al. 2020, MPNet");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("mpnet", "MPNet");
  }

  @Override
  String root() {
    return "mpnet";
  }

  @Override
  List<String> unread() {
    return List.of("^lm_head\\.decoder\\.");
  }

  @Override
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>(super.settings());
    settings.add(
        Setting.integer("relative_attention_num_buckets", 32, 2, 10_000, "buckets of distances"));
    return settings;
  }

  @Override
  Map<String, Object> defaults() {
    return Map.of("vocab_size", 30_527, "pad_token_id", 1, "type_vocab_size", 0);
  }

  @Override
  Optional<Embeddings.Positions> positions(Settings settings) {
    return Optional.of(Embeddings.Positions.behind(settings.integer("pad_token_id")));
  }

  @Override
  void blocks(SequenceNetwork network, Settings settings) {
    int buckets = settings.integer("relative_attention_num_buckets");
    Embedding table = new Embedding(buckets, settings.integer("num_attention_heads"));
    Distances distances = new Distances(network.place(TABLE, table), buckets, FARTHEST, true);
    network.embeddingModule(TABLE);
    network.scoreBias(length -> distances.bias(0, length));
    for (int i = 0; i < settings.integer("num_hidden_layers"); i++) {
      Block block =
          new Block(Block.Placement.POST)
              .branch(
                  "attention.LayerNorm",
                  norm(settings.integer("hidden_size"), settings.number("layer_norm_eps")))
              .then("attention.attn", attention(settings, List.of("q", "k", "v", "o")))
              .then("attention.dropout", dropout(settings.number("hidden_dropout_prob")));
      network.block("layer." + i, "mpnet.encoder.layer." + i, feedForward(block, settings));
    }
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    return Heads.dense(network, settings, Function.TANH);
  }

  @Override
  Heads.Words words(Settings settings) {
    return new Heads.Words("lm_head.dense", Function.GELU, "lm_head.layer_norm", "lm_head");
  }
}
