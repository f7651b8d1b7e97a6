package dev.graft.text.family;

import dev.graft.spi.ModelFamily;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.contract.ModelFamilyContract;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The promises that every family makes, of a small member of each. */
final class FamilyContractsTest {

  private abstract static class Family extends ModelFamilyContract {

    private final ModelFamily family;
    private final Map<String, Object> config;

    /**
     * A member of a family.
     *
     * @param type its class as published
     * @param more settings beside {@link #SMALL}
     */
    Family(ModelFamily family, String type, Map<String, Object> more) {
      this.family = family;
      Map<String, Object> settings = new LinkedHashMap<>(SMALL);
      settings.putAll(more);
      this.config = Map.of("class", type, "config", settings);
    }

    @Override
    protected ModelFamily family() {
      return family;
    }

    @Override
    protected Map<String, Object> config() {
      return config;
    }

    @Override
    protected NamedTensors inputs() {
      return NamedTensors.of(
          Map.of(
              "input_ids", Tensor.of(new long[] {2, 5, 6, 3, 2, 7, 3, 0}, 2, 4),
              "attention_mask", Tensor.of(new long[] {1, 1, 1, 1, 1, 1, 1, 0}, 2, 4),
              "token_type_ids", Tensor.of(new long[] {0, 0, 1, 1, 0, 1, 1, 0}, 2, 4)));
    }
  }

  /** The names that most families have for the settings of a small member. */
  private static final Map<String, Object> SMALL =
      Map.of(
          "vocab_size", 12,
          "hidden_size", 8,
          "num_hidden_layers", 2,
          "num_attention_heads", 2,
          "intermediate_size", 16,
          "max_position_embeddings", 8);

  /** Those of encoders with decoders. */
  private static final Map<String, Object> HALVES =
      Map.of(
          "d_model", 8,
          "encoder_layers", 2,
          "decoder_layers", 2,
          "encoder_attention_heads", 2,
          "decoder_attention_heads", 2,
          "encoder_ffn_dim", 16,
          "decoder_ffn_dim", 16,
          "pad_token_id", 0,
          "decoder_start_token_id", 0);

  @Nested
  class BertContract extends Family {
    BertContract() {
      super(new Bert(), "BertForSequenceClassification", Map.of());
    }
  }

  @Nested
  class RobertaContract extends Family {
    RobertaContract() {
      super(
          new Roberta(),
          "RobertaForSequenceClassification",
          Map.of("pad_token_id", 0, "max_position_embeddings", 10));
    }
  }

  @Nested
  class ElectraContract extends Family {
    ElectraContract() {
      super(new Electra(), "ElectraForSequenceClassification", Map.of("embedding_size", 4));
    }
  }

  @Nested
  class AlbertContract extends Family {
    AlbertContract() {
      super(new Albert(), "AlbertForSequenceClassification", Map.of("embedding_size", 4));
    }
  }

  @Nested
  class DistilBertContract extends Family {
    DistilBertContract() {
      super(new DistilBert(), "DistilBertForSequenceClassification", Map.of());
    }
  }

  @Nested
  class MpNetContract extends Family {
    MpNetContract() {
      super(new MpNet(), "MPNetForSequenceClassification", Map.of("pad_token_id", 0));
    }
  }

  @Nested
  class DebertaV2Contract extends Family {
    DebertaV2Contract() {
      super(
          new DebertaV2(),
          "DebertaV2ForSequenceClassification",
          Map.of("relative_attention", true, "pos_att_type", "c2p|p2c", "position_buckets", 4));
    }
  }

  @Nested
  class Gpt2Contract extends Family {
    Gpt2Contract() {
      super(
          new Gpt2(),
          "GPT2ForSequenceClassification",
          Map.of("n_embd", 8, "n_layer", 2, "n_head", 2, "n_positions", 8));
    }
  }

  @Nested
  class OptContract extends Family {
    OptContract() {
      super(new Opt(), "OPTForSequenceClassification", Map.of("ffn_dim", 16));
    }
  }

  @Nested
  class GptNeoXContract extends Family {
    GptNeoXContract() {
      super(new GptNeoX(), "GPTNeoXForSequenceClassification", Map.of("rotary_pct", 0.5));
    }
  }

  @Nested
  class LlamaContract extends Family {
    LlamaContract() {
      super(new Llama(), "LlamaForSequenceClassification", Map.of("num_key_value_heads", 1));
    }
  }

  @Nested
  class T5Contract extends Family {
    T5Contract() {
      super(
          new T5(),
          "T5ForConditionalGeneration",
          Map.of("d_model", 8, "d_kv", 4, "d_ff", 16, "num_layers", 2, "num_heads", 2));
    }
  }

  @Nested
  class BartContract extends Family {
    BartContract() {
      super(new Bart(), "BartForConditionalGeneration", HALVES);
    }
  }

  @Nested
  class MarianContract extends Family {
    MarianContract() {
      super(new Marian(), "MarianMTModel", HALVES);
    }
  }
}
