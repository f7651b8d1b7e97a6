package dev.graft.adapters;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.RandomState;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small networks for text with random weights, by the name of their class. */
final class TextNetworks {

  private static final Map<String, Object> SMALL =
      Map.of(
          "vocab_size", 12,
          "hidden_size", 8,
          "num_hidden_layers", 2,
          "num_attention_heads", 4,
          "max_position_embeddings", 8,
          "pad_token_id", 0);

  /** Settings beside {@link #SMALL} by how names of classes begin. */
  private static final Map<String, Map<String, Object>> OWN =
      Map.of(
          "Bert", Map.of("model_type", "bert", "intermediate_size", 16),
          "DebertaV2",
              Map.of(
                  "model_type",
                  "deberta-v2",
                  "intermediate_size",
                  16,
                  "relative_attention",
                  true,
                  "pos_att_type",
                  "c2p|p2c",
                  "position_buckets",
                  4),
          "GPT2",
              Map.of(
                  "model_type", "gpt2", "n_embd", 8, "n_layer", 2, "n_head", 2, "n_positions", 8),
          "Llama",
              Map.of(
                  "model_type",
                  "llama",
                  "intermediate_size",
                  16,
                  "num_key_value_heads",
                  2,
                  "tie_word_embeddings",
                  true),
          "GPTNeoX", Map.of("model_type", "gpt_neox", "intermediate_size", 16, "rotary_pct", 1.0),
          "T5", Map.of("model_type", "t5", "d_model", 8, "d_kv", 4, "d_ff", 16, "num_layers", 1),
          "OPT", Map.of("model_type", "opt", "ffn_dim", 16));

  private TextNetworks() {}

  /** A network of a class, such as {@code BertForSequenceClassification}. */
  static Model model(String type) {
    return model(type, Map.of());
  }

  /** The same with further settings. */
  static Model model(String type, Map<String, Object> more) {
    Map<String, Object> config = new LinkedHashMap<>(SMALL);
    OWN.forEach((begin, own) -> config.putAll(type.startsWith(begin) ? own : Map.of()));
    config.putAll(more);
    Registry registry = Registry.load(TextNetworks.class.getClassLoader());
    ModelSpec spec = registry.modelSpec(Map.of("class", type, "config", config));
    RandomState.seed(6);
    return new Model(spec, registry.get(ModelFamily.class, spec.family()).build(spec));
  }
}
