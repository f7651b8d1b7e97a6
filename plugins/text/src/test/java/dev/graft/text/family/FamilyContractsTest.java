package dev.graft.text.family;

import dev.graft.spi.ModelFamily;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.contract.ModelFamilyContract;
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

  @Nested
  class BertContract extends Family {

    @Override
    protected ModelFamily family() {
      return new Bert();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of(
          "class",
          "BertForSequenceClassification",
          "config",
          Map.of(
              "vocab_size", 12,
              "hidden_size", 8,
              "num_hidden_layers", 2,
              "num_attention_heads", 2,
              "intermediate_size", 16,
              "max_position_embeddings", 8));
    }
  }
}
