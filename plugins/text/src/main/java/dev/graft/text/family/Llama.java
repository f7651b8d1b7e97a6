package dev.graft.text.family;

import dev.graft.layers.Linear;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.text.block.Block;
import dev.graft.text.block.GatedFeedForward;
import dev.graft.text.block.RmsNorm;
import dev.graft.text.block.Rotary;
import dev.graft.text.block.SequenceAttention;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Llama, Mistral and Qwen2: rotary positions, RMS normalisation, gated feed-forward, fewer heads
 * for keys and values. A sliding window is not applied: texts up to its length are unaffected.
 *
 * <p>Two dialects of names: {@code transformers}, and that of llama2.c, where adjacent features are
 * turned. A configuration with {@code arch: llama2.c} is of the second.
 */
public final class Llama extends Decoder {

  /** Setting: whose names the tensors have. */
  static final String DIALECT = "parameter_names";

  private static final String LLAMA2C = "llama2.c";

  /** The names of llama2.c for settings, and those of transformers. */
  private static final Map<String, String> NAMES =
      Map.of(
          "dim", "hidden_size",
          "hidden_dim", "intermediate_size",
          "n_layers", "num_hidden_layers",
          "n_heads", "num_attention_heads",
          "n_kv_heads", "num_key_value_heads",
          "max_seq_len", "max_position_embeddings",
          "norm_eps", "rms_norm_eps",
          "tied_output", "tie_word_embeddings");

  /**
   * Paths of one dialect.
   *
   * @param words of the table of words
   * @param last of the last normalisation
   * @param block in front of the number of a block
   * @param attention of the attention in a block
   * @param projections of queries, keys, values and the result in it
   * @param feedForward of the feed-forward in a block
   * @param maps of gate, up and down in it
   * @param norms in front of the two branches
   */
  private record Names(
      String words,
      String last,
      String block,
      String attention,
      List<String> projections,
      String feedForward,
      List<String> maps,
      List<String> norms) {}

  private static final Names TRANSFORMERS =
      new Names(
          "model.embed_tokens",
          "model.norm",
          "model.layers.",
          "self_attn",
          List.of("q_proj", "k_proj", "v_proj", "o_proj"),
          "mlp",
          List.of("gate_proj", "up_proj", "down_proj"),
          List.of("input_layernorm", "post_attention_layernorm"));

  private static final Names PLAIN =
      new Names(
          "tok_embeddings",
          "norm",
          "layers.",
          "attention",
          List.of("wq", "wk", "wv", "wo"),
          "feed_forward",
          List.of("w1", "w3", "w2"),
          List.of("attention_norm", "ffn_norm"));

  @Override
  public About about() {
    return new About(
        "llama",
        "transformer decoder with rotary positions and gated feed-forward; also Mistral, Qwen2",
        "Touvron et al. 2023, LLaMA");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("llama", "Llama", "mistral", "Mistral", "qwen2", "Qwen2", LLAMA2C, "Llama");
  }

  /** Names of llama2.c have no common root; those of transformers are complete as published. */
  @Override
  String root() {
    return "";
  }

  @Override
  public Optional<dev.graft.model.ModelSpec> read(Map<String, Object> config) {
    if (!LLAMA2C.equals(config.get("arch"))) {
      return super.read(config);
    }
    Map<String, Object> renamed = new LinkedHashMap<>(config);
    renamed.put("model_type", LLAMA2C);
    renamed.put(DIALECT, LLAMA2C);
    return super.read(renamed);
  }

  @Override
  Map<String, String> otherNames() {
    return NAMES;
  }

  @Override
  Map<String, Object> translated(Map<String, Object> config) {
    Map<String, Object> result = super.translated(config);
    Map<String, Object> rope = RopeSettings.of(config);
    if (rope.remove(RopeSettings.PART) instanceof Number part && part.doubleValue() != 1) {
      throw new IllegalArgumentException(
          "%s is %s; built are heads that are turned as a whole"
              .formatted(RopeSettings.PART, part));
    }
    result.putAll(rope);
    if ("qwen2".equals(config.get("model_type"))) {
      result.put("qkv_bias", true);
    } else if (Boolean.TRUE.equals(config.get("attention_bias"))) {
      throw new IllegalArgumentException("attention_bias is true; built is Llama without");
    }
    return result;
  }

  @Override
  List<Setting> settings() {
    return List.of(
        Setting.integer("vocab_size", 32_000, 1, 10_000_000, "words"),
        Setting.integer("hidden_size", 4_096, 1, 65_536, "features"),
        Setting.integer("num_hidden_layers", 32, 1, 1_000, "blocks"),
        Setting.integer("num_attention_heads", 32, 1, 1_000, "heads"),
        Setting.integer("num_key_value_heads", 0, 0, 1_000, "heads of keys; 0: as of queries"),
        Setting.integer("head_dim", 0, 0, 65_536, "features of a head; 0: hidden_size / heads"),
        Setting.integer("intermediate_size", 11_008, 1, 1_000_000, "features between"),
        Setting.text("hidden_act", "silu", List.of(), "function of the gate"),
        Setting.number("rms_norm_eps", 1e-6, 0, 1, "added to a mean square"),
        Setting.number(RopeSettings.THETA, 10_000, 1, 1e12, "base of the angles"),
        Setting.number(RopeSettings.FACTOR, 1, 1e-3, 1e6, "factor that divides positions"),
        Setting.flag("qkv_bias", false, "whether queries, keys and values have a bias"),
        Setting.number("attention_dropout", 0, 0, 0.99, "probability of a weight"),
        Setting.flag("tie_word_embeddings", false, "whether the head is the table of words"),
        Setting.text(
            DIALECT, "transformers", List.of("transformers", LLAMA2C), "whose names tensors have"));
  }

  private static Names names(Settings settings) {
    return settings.text(DIALECT).equals(LLAMA2C) ? PLAIN : TRANSFORMERS;
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
        names(settings).last(), new RmsNorm(features(settings), settings.number("rms_norm_eps")));
  }

  @Override
  String wordTable(Settings settings) {
    return names(settings).words();
  }

  private static SequenceAttention.Shape shape(Settings settings) {
    int heads = settings.integer("num_attention_heads");
    int keyHeads = settings.integer("num_key_value_heads");
    int given = settings.integer("head_dim");
    int size = given == 0 ? settings.integer("hidden_size") / heads : given;
    Rotary rotary =
        new Rotary(
            size,
            settings.number(RopeSettings.THETA),
            settings.number(RopeSettings.FACTOR),
            settings.text(DIALECT).equals(LLAMA2C));
    return new SequenceAttention.Shape(
        heads,
        keyHeads == 0 ? heads : keyHeads,
        size,
        Double.NaN,
        settings.number("attention_dropout"),
        SequenceAttention.Kind.CAUSAL,
        Optional.of(rotary));
  }

  @Override
  void blocks(SequenceNetwork network, Settings settings) {
    Names names = names(settings);
    long features = features(settings);
    double eps = settings.number("rms_norm_eps");
    SequenceAttention.Shape shape = shape(settings);
    for (int i = 0; i < settings.integer("num_hidden_layers"); i++) {
      GatedFeedForward feedForward =
          new GatedFeedForward(
              names.maps(),
              features,
              settings.integer("intermediate_size"),
              activation(settings.text("hidden_act")),
              0);
      Block block =
          new Block(Block.Placement.PRE)
              .branch(names.norms().get(0), new RmsNorm(features, eps))
              .then(names.attention(), attention(shape, settings, names.projections()))
              .branch(names.norms().get(1), new RmsNorm(features, eps))
              .then(names.feedForward(), feedForward);
      network.block("layers." + i, names.block() + i, block);
    }
  }

  private static SequenceAttention attention(
      SequenceAttention.Shape shape, Settings settings, List<String> names) {
    long features = settings.integer("hidden_size");
    return attention(shape, features, names.subList(0, 3), settings.flag("qkv_bias"))
        .output(names.get(3), new Linear(shape.heads() * shape.size(), features, false));
  }
}
