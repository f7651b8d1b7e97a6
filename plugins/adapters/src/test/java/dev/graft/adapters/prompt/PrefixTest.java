package dev.graft.adapters.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.adapters.AdapterSet;
import dev.graft.adapters.TinyTransformer;
import dev.graft.layers.Attention;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Nn;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a prefix does in an attention, against the formula. */
class PrefixTest {

  private static final int HEADS = 2;

  private Scope scope;
  private Model model;

  @BeforeEach
  void build() {
    scope = Scope.open();
    model = TinyTransformer.pictures().base().pretrained();
    RandomState.seed(5);
  }

  @AfterEach
  void close() {
    model.close();
    scope.close();
  }

  /** softmax(q [P_k; k]^T / sqrt(d)) [P_v; v], head by head. */
  @Test
  void everyQuerySeesThePrefixAndTheTokens() {
    AdapterSet set = AdapterSet.of(model);
    set.add("a", PrefixTuning.KIND, Settings.of("tokens", 3));
    set.activate("a");
    Attention attention = (Attention) Modules.child(model.network(), "blocks.1.attn").layer();
    Map<String, Tensor> vectors = set.vectors("a");
    try (Autograd off = Autograd.off()) {
      Tensor x = Tensor.randn(2, 5, 8);
      Tensor projected = Modules.child(attention, "qkv").apply(x);
      Tensor keys = with(vectors.get("blocks.1.attn.key_states"), projected.narrow(2, 8, 8));
      Tensor values = with(vectors.get("blocks.1.attn.value_states"), projected.narrow(2, 16, 8));
      Tensor weights =
          Nn.softmax(
              heads(projected.narrow(2, 0, 8))
                  .matmul(heads(keys).transpose(2, 3))
                  .div(Math.sqrt(8.0 / HEADS)),
              -1);
      Tensor mixed = weights.matmul(heads(values)).transpose(1, 2).flatten(2);
      Tensor expected = Modules.child(attention, "proj").apply(mixed);
      assertArrayEquals(expected.toFloats(), attention.apply(x).toFloats(), 1e-6f);
    }
  }

  private static Tensor with(Tensor prefix, Tensor tokens) {
    Tensor own = prefix.unsqueeze(0).expand(2, prefix.size(0), prefix.size(1));
    return Tensor.cat(java.util.List.of(own, tokens), 1);
  }

  private static Tensor heads(Tensor x) {
    return x.reshape(x.size(0), x.size(1), HEADS, -1).transpose(1, 2);
  }

  @Test
  void aPlaceThatIsNoneIsRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    AdapterSet.of(model)
                        .add("a", PrefixTuning.KIND, Settings.of("targets", "attn\\.qkv")))
            .getMessage();
    assertTrue(message.contains("key_states"), message);
  }
}
