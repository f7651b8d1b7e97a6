package dev.graft.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.adapters.lowrank.Bone;
import dev.graft.adapters.lowrank.C3a;
import dev.graft.adapters.lowrank.Dora;
import dev.graft.adapters.lowrank.FourierFt;
import dev.graft.adapters.lowrank.Loha;
import dev.graft.adapters.lowrank.Lokr;
import dev.graft.adapters.lowrank.Lora;
import dev.graft.adapters.lowrank.Miss;
import dev.graft.adapters.lowrank.Olora;
import dev.graft.adapters.lowrank.Pissa;
import dev.graft.adapters.orthogonal.Boft;
import dev.graft.adapters.orthogonal.Hra;
import dev.graft.adapters.orthogonal.Oft;
import dev.graft.adapters.orthogonal.OutputOft;
import dev.graft.adapters.scaling.Ia3;
import dev.graft.plan.Settings;
import java.util.Map;
import java.util.TreeMap;

/** The kind and settings that a reference file speaks of. */
final class Kinds {

  /**
   * What a file speaks of.
   *
   * @param kind of adapter
   * @param settings checked
   */
  record Chosen(AdapterKind kind, Settings settings) {}

  private Kinds() {}

  /** Our name of a tensor, where PEFT's in memory is not the one it saves. */
  static String own(String name, JsonNode json) {
    boolean standard = !json.path("adapter_config").path("init_weights").asText().equals("bat");
    return switch (name) {
      case "lora_magnitude_vector.weight" -> "lora_magnitude_vector";

      case "bone_block" -> standard ? "miss_block" : name;
      default -> name;
    };
  }

  static Chosen of(JsonNode json) {
    JsonNode config = json.path("adapter_config");
    String source = json.path("source").asText();
    Map<String, Object> values = new TreeMap<>();
    AdapterKind kind;
    if (source.contains("LoraConfig")) {
      kind = lora(config);
    } else if (source.contains("IA3Config")) {
      kind = Ia3.KIND;
      boolean inputs = !config.path("feedforward_modules").isEmpty();
      values.put("feedforward", inputs ? ".*" : "");
    } else if (source.contains("FourierFTConfig")) {
      kind = FourierFt.KIND;
      values.put("frequencies", config.path("n_frequency").asInt());
      values.put("scaling", config.path("scaling").asDouble());
    } else if (source.contains("BoneConfig")) {
      kind = config.path("init_weights").asText().equals("bat") ? Bone.KIND : Miss.KIND;
    } else if (source.contains("OFTConfig") && !config.has("oft_block_size") && config.has("r")) {
      kind = OutputOft.KIND;
      values.put("blocks", config.path("r").asInt());
      values.put("constrained", config.path("coft").asBoolean());
      values.put("radius", config.path("eps").asDouble());
    } else {
      kind = byName(source);
    }
    kind.peft()
        .keys()
        .forEach(
            (own, key) -> {
              JsonNode value = config.path(key);
              if (value.isNumber()) {
                values.put(own, value.isInt() ? (Object) value.asInt() : value.asDouble());
              } else if (value.isBoolean()) {
                values.put(own, value.asBoolean());
              }
            });
    return new Chosen(kind, new Settings(values).checked(kind.about().id(), kind.settings()));
  }

  private static AdapterKind lora(JsonNode config) {
    if (config.path("use_dora").asBoolean()) {
      return Dora.KIND;
    }
    return switch (config.path("init_lora_weights").asText()) {
      case "pissa" -> Pissa.KIND;
      case "olora" -> Olora.KIND;
      default -> Lora.KIND;
    };
  }

  private static AdapterKind byName(String source) {
    if (source.contains("LoHaConfig")) {
      return Loha.KIND;
    }
    if (source.contains("LoKrConfig")) {
      return Lokr.KIND;
    }
    if (source.contains("BOFTConfig")) {
      return Boft.KIND;
    }
    if (source.contains("OFTConfig")) {
      return Oft.KIND;
    }
    if (source.contains("HRAConfig")) {
      return Hra.KIND;
    }
    if (source.contains("C3AConfig")) {
      return C3a.KIND;
    }
    throw new IllegalArgumentException("no kind for " + source);
  }
}
