package dev.graft.text.family;

import dev.graft.spi.ModelFamily;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.contract.ModelFamilyContract;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The promises that every family makes. */
final class FamilyContractsTest {

  private abstract static class Family extends ModelFamilyContract {

    @Override
    protected NamedTensors inputs() {
      return NamedTensors.of(
          Map.of(
              "input_ids", Tensor.of(new long[] {2, 5, 6, 3, 2, 7, 3, 0}, 2, 4),
              "attention_mask", Tensor.of(new long[] {1, 1, 1, 1, 1, 1, 1, 0}, 2, 4),
              "token_type_ids", Tensor.of(new long[] {0, 0, 1, 1, 0, 1, 1, 0}, 2, 4)));
    }
  }

  /** BERT's names for the settings of a small member. */
  private static final Map<String, Object> SMALL =
      Map.of(
          "vocab_size", 12,
          "hidden_size", 8,
          "num_hidden_layers", 2,
          "num_attention_heads", 2,
          "intermediate_size", 16,
          "max_position_embeddings", 8);

  private static Map<String, Object> member(String type, Map<String, Object> more) {
    Map<String, Object> settings = new LinkedHashMap<>(SMALL);
    settings.putAll(more);
    return Map.of("class", type + "ForSequenceClassification", "config", settings);
  }

  @Nested
  class BertContract extends Family {

    @Override
    protected ModelFamily family() {
      return new Bert();
    }

    @Override
    protected Map<String, Object> config() {
      return member("Bert", Map.of());
    }
  }

  @Nested
  class RobertaContract extends Family {

    @Override
    protected ModelFamily family() {
      return new Roberta();
    }

    @Override
    protected Map<String, Object> config() {
      return member("Roberta", Map.of("pad_token_id", 0, "max_position_embeddings", 10));
    }
  }

  @Nested
  class ElectraContract extends Family {

    @Override
    protected ModelFamily family() {
      return new Electra();
    }

    @Override
    protected Map<String, Object> config() {
      return member("Electra", Map.of("embedding_size", 4));
    }
  }

  @Nested
  class AlbertContract extends Family {

    @Override
    protected ModelFamily family() {
      return new Albert();
    }

    @Override
    protected Map<String, Object> config() {
      return member("Albert", Map.of("embedding_size", 4));
    }
  }

  @Nested
  class DistilBertContract extends Family {

    @Override
    protected ModelFamily family() {
      return new DistilBert();
    }

    @Override
    protected Map<String, Object> config() {
      return member("DistilBert", Map.of());
    }
  }

  @Nested
  class Gpt2Contract extends Family {

    @Override
    protected ModelFamily family() {
      return new Gpt2();
    }

    @Override
    protected Map<String, Object> config() {
      return member("GPT2", Map.of("n_embd", 8, "n_layer", 2, "n_head", 2, "n_positions", 8));
    }
  }

  @Nested
  class OptContract extends Family {

    @Override
    protected ModelFamily family() {
      return new Opt();
    }

    @Override
    protected Map<String, Object> config() {
      return member("OPT", Map.of("ffn_dim", 16));
    }
  }

  @Nested
  class GptNeoXContract extends Family {

    @Override
    protected ModelFamily family() {
      return new GptNeoX();
    }

    @Override
    protected Map<String, Object> config() {
      return member("GPTNeoX", Map.of("rotary_pct", 0.5));
    }
  }

  @Nested
  class LlamaContract extends Family {

    @Override
    protected ModelFamily family() {
      return new Llama();
    }

    @Override
    protected Map<String, Object> config() {
      return member("Llama", Map.of("num_key_value_heads", 1));
    }
  }

  @Nested
  class T5Contract extends Family {

    @Override
    protected ModelFamily family() {
      return new T5();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of(
          "class",
          "T5ForConditionalGeneration",
          "config",
          Map.of(
              "vocab_size",
              12,
              "d_model",
              8,
              "d_kv",
              4,
              "d_ff",
              16,
              "num_layers",
              2,
              "num_heads",
              2));
    }
  }

  @Nested
  class BartContract extends Family {

    @Override
    protected ModelFamily family() {
      return new Bart();
    }

    @Override
    protected Map<String, Object> config() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("vocab_size", 12);
      settings.put("d_model", 8);
      settings.put("max_position_embeddings", 8);
      for (String half : new String[] {"encoder", "decoder"}) {
        settings.put(half + "_layers", 2);
        settings.put(half + "_attention_heads", 2);
        settings.put(half + "_ffn_dim", 16);
      }
      return Map.of("class", "BartForConditionalGeneration", "config", settings);
    }
  }
}
