package dev.graft.adapters.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.adapters.AdapterSet;
import dev.graft.adapters.TinySequence;
import dev.graft.adapters.TinyTransformer;
import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Settings;
import dev.graft.spi.TransferMethod;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.contract.TransferMethodContract;
import dev.graft.testkit.tiny.TinyTransfer;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromptTuningTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new PromptTuning();
  }

  @Override
  protected TinyTransfer transfer() {
    return TinySequence.pictures();
  }

  @Test
  void theTokensStandInFrontOfAllOthers() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Model model = TinySequence.pictures().base().pretrained()) {
      AdapterSet set = AdapterSet.of(model);
      set.add("a", PromptTuning.KIND, Settings.of("tokens", 2));
      set.activate("a");
      assertEquals(Set.of("embeddings.dropout"), set.parameters("a").keySet());
      Tensor prompt = set.parameters("a").get("embeddings.dropout").get("prompt");
      Layer layer = Modules.child(model.network(), "embeddings.dropout").layer();
      Tensor tokens = Tensor.randn(3, 5, 8);
      Tensor with = layer.apply(tokens);
      assertArrayEquals(new long[] {3, 7, 8}, with.shape());
      assertArrayEquals(tokens.toFloats(), with.narrow(1, 2, 5).contiguous().toFloats());
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(
            prompt.toFloats(), with.select(0, i).narrow(0, 0, 2).contiguous().toFloats());
      }
    }
  }

  /** In front of a class token they would be what the head reads. */
  @Test
  void aNetworkWithAClassTokenIsRefused() {
    try (Model model = TinyTransformer.pictures().base().pretrained()) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> AdapterSet.of(model).add("a", PromptTuning.KIND, Settings.NONE))
              .getMessage();
      assertTrue(message.contains("without class token"), message);
    }
  }
}
