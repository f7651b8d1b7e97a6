package dev.graft.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.adapters.bottleneck.Houlsby;
import dev.graft.adapters.bottleneck.Pfeiffer;
import dev.graft.adapters.lowrank.Lora;
import dev.graft.adapters.prompt.VisualPrompt;
import dev.graft.adapters.scaling.Ia3;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.testkit.tiny.TinyTransfer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where adapters go, by the names that networks give their layers. */
class TargetsTest {

  private final Model transformer = TinyTransformer.pictures().base().pretrained();
  private final Model convolutions = TinyTransfer.pictures().base().pretrained();

  @AfterEach
  void close() {
    transformer.close();
    convolutions.close();
  }

  private static List<String> find(Model model, AdapterKind kind, Settings settings) {
    return Targets.find(model, kind, settings.checked(kind.about().id(), kind.settings()));
  }

  @Test
  void eachKindHasItsUsualPlaces() {
    assertEquals(
        List.of("blocks.0.attn.qkv", "blocks.1.attn.qkv"),
        find(transformer, Lora.KIND, Settings.NONE));
    assertEquals(List.of("conv1", "conv2", "neck"), find(convolutions, Lora.KIND, Settings.NONE));
    assertEquals(
        List.of("blocks.0.attn.proj", "blocks.0.mlp.fc2", "blocks.1.attn.proj", "blocks.1.mlp.fc2"),
        find(transformer, Houlsby.KIND, Settings.NONE));
    assertEquals(
        List.of("blocks.0.mlp.fc2", "blocks.1.mlp.fc2"),
        find(transformer, Pfeiffer.KIND, Settings.NONE));
    assertEquals(
        List.of("blocks.0.attn.qkv", "blocks.0.mlp.fc2", "blocks.1.attn.qkv", "blocks.1.mlp.fc2"),
        find(transformer, Ia3.KIND, Settings.NONE));
    assertEquals(List.of("pos_drop"), find(transformer, VisualPrompt.KIND, Settings.NONE));
  }

  @Test
  void targetsAreEndsOfPathsAndTheHeadIsNone() {
    Settings fc = Settings.of("targets", "fc1|fc2").with("exclude", "blocks\\.1\\..*");
    assertEquals(List.of("blocks.0.mlp.fc1", "blocks.0.mlp.fc2"), find(transformer, Lora.KIND, fc));
    List<String> all = find(transformer, Lora.KIND, Settings.of("targets", "all"));
    assertTrue(all.contains("patch_embed.proj") && !all.contains("head"), all.toString());
    assertRefused(convolutions, Lora.KIND, Settings.of("targets", "fc"), "conv1, conv2, neck");
    assertRefused(convolutions, Lora.KIND, Settings.of("targets", "(("), "regular expression");
    assertRefused(convolutions, VisualPrompt.KIND, Settings.NONE, "vpt");
  }

  private static void assertRefused(Model model, AdapterKind kind, Settings settings, String word) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> find(model, kind, settings))
            .getMessage();
    assertTrue(message.contains(word), message);
  }
}
