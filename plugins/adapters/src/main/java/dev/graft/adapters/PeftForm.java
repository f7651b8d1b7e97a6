package dev.graft.adapters;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How PEFT's {@code adapter_config.json} writes a kind of adapter down.
 *
 * @param type value of {@code peft_type}; empty: PEFT has no such kind
 * @param keys its key for each setting of the kind
 * @param layers its key for each setting that names layers
 * @param fixed what else tells this kind from others of the same type, by PEFT's key
 */
public record PeftForm(
    String type, Map<String, String> keys, Map<String, String> layers, Map<String, Object> fixed) {

  /** Not known to PEFT, or not in a form that both sides can read. */
  public static final PeftForm NONE = new PeftForm("", Map.of(), Map.of(), Map.of());

  /** What PEFT takes a key to be that is not there; every other flag is false. */
  private static final Map<String, Object> DEFAULTS = Map.of("init_lora_weights", true);

  private static final Set<String> PROMPTS = Set.of("PREFIX_TUNING", "PROMPT_TUNING");

  public PeftForm {
    keys = Map.copyOf(keys);
    layers = Map.copyOf(layers);
    fixed = Map.copyOf(fixed);
  }

  /** A form of one type in which nothing else is fixed. */
  public static PeftForm of(String type, String... keys) {
    return new PeftForm(type, pairs(keys), Map.of(), Map.of());
  }

  /** True if PEFT keeps one table of vectors for the whole network, not tensors for each layer. */
  public boolean isPrompt() {
    return PROMPTS.contains(type);
  }

  /** With a setting that names some of the layers. */
  public PeftForm layers(String setting, String key) {
    return new PeftForm(type, keys, Map.of(setting, key), fixed);
  }

  /** With a value that tells this kind from others. */
  public PeftForm fixed(String key, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(fixed);
    all.put(key, value);
    return new PeftForm(type, keys, layers, all);
  }

  private static Map<String, String> pairs(String... keys) {
    Map<String, String> result = new LinkedHashMap<>();
    for (int i = 0; i + 1 < keys.length; i += 2) {
      result.put(keys[i], keys[i + 1]);
    }
    return result;
  }

  /** True if a configuration is of this form. */
  public boolean matches(Map<String, Object> config) {
    return !type.isEmpty()
        && type.equals(config.get("peft_type"))
        && fixed.entrySet().stream()
            .allMatch(
                e ->
                    e.getValue()
                        .equals(
                            config.getOrDefault(
                                e.getKey(), DEFAULTS.getOrDefault(e.getKey(), false))));
  }
}
