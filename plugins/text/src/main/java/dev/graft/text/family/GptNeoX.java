package dev.graft.text.family;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.text.block.Block;
import dev.graft.text.block.Rotary;
import dev.graft.text.block.SequenceAttention;
import java.util.List;
import java.util.Map;

/** GPT-NeoX and Pythia: rotary positions on a part of each head, both branches side by side. */
public final class GptNeoX extends Decoder {

  @Override
  public About about() {
    return new About(
        "gpt_neox",
        "transformer decoder with partly rotary heads and parallel branches; also Pythia",
        "Black et al. 2022, GPT-NeoX-20B");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("gpt_neox", "GPTNeoX");
  }

  @Override
  String root() {
    return "gpt_neox";
  }

  @Override
  List<String> unread() {
    return List.of("\\.attention\\.(?:masked_)?bias$");
  }

  @Override
  String wordsPath() {
    return "embed_out";
  }

  /** Newer configurations have the names of other networks for the angles. */
  @Override
  Map<String, Object> translated(Map<String, Object> config) {
    Map<String, Object> result = super.translated(config);
    RopeSettings.of(config)
        .forEach(
            (key, value) ->
                result.put(
                    switch (key) {
                      case RopeSettings.THETA -> "rotary_emb_base";
                      case RopeSettings.PART -> "rotary_pct";
                      default -> key;
                    },
                    value));
    return result;
  }

  @Override
  List<Setting> settings() {
    return List.of(
        Setting.integer("vocab_size", 50_432, 1, 10_000_000, "words"),
        Setting.integer("hidden_size", 6_144, 1, 65_536, "features"),
        Setting.integer("num_hidden_layers", 44, 1, 1_000, "blocks"),
        Setting.integer("num_attention_heads", 64, 1, 1_000, "heads"),
        Setting.integer("intermediate_size", 24_576, 1, 1_000_000, "features between"),
        Setting.text("hidden_act", "gelu", List.of(), "function between"),
        Setting.number("rotary_pct", 0.25, 0, 1, "part of each head that is turned"),
        Setting.number("rotary_emb_base", 10_000, 1, 1e12, "base of the angles"),
        Setting.number(RopeSettings.FACTOR, 1, 1e-3, 1e6, "factor that divides positions"),
        Setting.flag("use_parallel_residual", true, "whether branches stand side by side"),
        Setting.number("layer_norm_eps", 1e-5, 0, 1, "added to a variance"),
        Setting.number("hidden_dropout", 0, 0, 0.99, "probability behind a branch"),
        Setting.number("attention_dropout", 0, 0, 0.99, "probability of a weight"),
        Setting.flag("tie_word_embeddings", false, "whether the head is the table of words"));
  }

  @Override
  long features(Settings settings) {
    return settings.integer("hidden_size");
  }

  @Override
  boolean tied(Settings settings) {
    return settings.flag("tie_word_embeddings");
  }

  @Override
  Final last(Settings settings) {
    return new Final(
        "gpt_neox.final_layer_norm", norm(features(settings), settings.number("layer_norm_eps")));
  }

  @Override
  String wordTable(Settings settings) {
    return "gpt_neox.embed_in";
  }

  @Override
  void blocks(SequenceNetwork network, Settings settings) {
    long features = features(settings);
    long hidden = settings.integer("intermediate_size");
    double eps = settings.number("layer_norm_eps");
    double drop = settings.number("hidden_dropout");
    SequenceAttention.Shape plain =
        SequenceAttention.Shape.of(
            features,
            settings.integer("num_attention_heads"),
            SequenceAttention.Kind.CAUSAL,
            settings.number("attention_dropout"));
    int turned = (int) (plain.size() * settings.number("rotary_pct"));
    Rotary rotary =
        new Rotary(
            turned,
            settings.number("rotary_emb_base"),
            settings.number(RopeSettings.FACTOR),
            /* adjacent= */ false);
    for (int i = 0; i < settings.integer("num_hidden_layers"); i++) {
      SequenceAttention attention =
          new SequenceAttention(plain.rotary(rotary), SequenceAttention.Joint.BY_HEAD)
              .inputs(List.of("query_key_value"), List.of(linear(features, 3 * features)))
              .output("dense", linear(features, features));
      Block block =
          new Block(
                  settings.flag("use_parallel_residual")
                      ? Block.Placement.PARALLEL
                      : Block.Placement.PRE)
              .branch("input_layernorm", norm(features, eps))
              .then("attention", attention)
              .then("post_attention_dropout", dropout(drop))
              .branch("post_attention_layernorm", norm(features, eps))
              .then("mlp.dense_h_to_4h", linear(features, hidden))
              .then("mlp.act", activationLayer(settings.text("hidden_act")))
              .then("mlp.dense_4h_to_h", linear(hidden, features))
              .then("post_mlp_dropout", dropout(drop));
      network.block("layers." + i, "gpt_neox.layers." + i, block);
    }
  }
}
