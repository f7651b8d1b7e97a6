package dev.graft.adapters.peft;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterSet;
import dev.graft.adapters.Host;
import dev.graft.adapters.PeftForm;
import dev.graft.model.Model;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * PEFT's {@code adapter_config.json}. Read are the keys that {@link PeftForm} names, the targets
 * and the modules to save; keys that would change what is computed in a way not known here are
 * refused; everything else is ignored, among it what would make PEFT import code.
 */
final class Config {

  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_PATTERN = 10_000;
  private static final String TARGETS = "target_modules";
  private static final String SAVED = "modules_to_save";

  /**
   * Keys that change the computation; here they must be absent, empty or false. {@code
   * fan_in_fan_out} is none of them: it tells PEFT how a layer keeps its weight, which the layer
   * here knows.
   */
  private static final List<String> UNKNOWN_EFFECT =
      List.of(
          "rank_pattern",
          "alpha_pattern",
          "layers_to_transform",
          "layer_replication",
          "target_parameters",
          "trainable_token_indices",
          "use_qalora",
          "alora_invocation_tokens",
          "module_dropout",
          "rank_dropout",
          "boft_dropout",
          "miss_dropout");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Config() {}

  // ---- writing ----

  static Map<String, Object> of(
      AdapterKind kind, Settings settings, List<String> targets, List<String> saved, String base) {
    Map<String, Object> config = new TreeMap<>(kind.peft().fixed());
    config.put("peft_type", kind.peft().type());
    config.put("task_type", null);
    config.put("base_model_name_or_path", base);
    config.put("inference_mode", true);
    if (!kind.peft().isPrompt()) {
      config.put(TARGETS, targets);
    }
    config.put(SAVED, saved);
    kind.peft().keys().forEach((own, key) -> config.put(key, settings.values().get(own)));
    kind.peft()
        .layers()
        .forEach((own, key) -> config.put(key, chosen(settings.text(own), targets)));
    return config;
  }

  /** Those of the targets that a setting names. */
  private static List<String> chosen(String setting, List<String> targets) {
    return targets.stream()
        .filter(
            path ->
                setting.equals(Setting.AUTO)
                    ? Host.isFeedForwardEnd(path)
                    : !setting.isEmpty() && path.matches("(.*\\.)?(" + setting + ")"))
        .toList();
  }

  static void write(Path file, Map<String, Object> config) throws IOException {
    Path beside = Files.createTempFile(file.toAbsolutePath().getParent(), ".adapter", ".json");
    try {
      Files.write(beside, JSON.writeValueAsBytes(config));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** Refuses what PEFT has no form for. */
  static void requireKnown(AdapterKind kind, Model model, Collection<String> paths) {
    if (kind.peft().type().isEmpty()) {
      throw new IllegalArgumentException(
          "PEFT has no form for adapters of method '%s'; keep the bundle"
              .formatted(kind.about().id()));
    }
    for (String path : paths) {
      if (AdapterSet.of(model).isPart(path)) {
        throw new IllegalArgumentException(
            ("layer '%s' is a part of a joint projection, for which PEFT has no form; keep the"
                    + " bundle, or leave such layers out with 'exclude'")
                .formatted(path));
      }
      var weight = model.state().get(path + ".weight");
      if (kind.peft().type().equals("LORA") && weight != null && isGrouped(model, path)) {
        throw new IllegalArgumentException(
            "layer '%s' is a convolution with groups, for which PEFT has no form of LoRA; leave"
                    .formatted(path)
                + " such layers out with 'exclude'");
      }
    }
  }

  private static boolean isGrouped(Model model, String path) {
    return AdapterSet.of(model).groups(path) > 1;
  }

  // ---- reading ----

  static Map<String, Object> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("'%s' is not there; an adapter is a folder with it".formatted(file));
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(
          "'%s' has %d bytes, allowed are %d".formatted(file, Files.size(file), MOST_BYTES));
    }
    try {
      Map<String, Object> config =
          JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, Object>>() {});
      if (config == null) {
        throw new IOException("'%s' holds null".formatted(file));
      }
      return config;
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw new IOException("'%s' is not valid: %s".formatted(file, e.getMessage()), e);
    }
  }

  static AdapterKind kind(Map<String, Object> config, List<AdapterKind> known) throws IOException {
    for (String key : UNKNOWN_EFFECT) {
      Object value = config.get(key);
      boolean off =
          value == null
              || Boolean.FALSE.equals(value)
              || (value instanceof Number number && number.doubleValue() == 0)
              || (value instanceof Collection<?> list && list.isEmpty())
              || (value instanceof Map<?, ?> map && map.isEmpty());
      if (!off) {
        throw new IOException(
            "the configuration sets '%s' to %s, which is not known here".formatted(key, value));
      }
    }
    Object bias = config.getOrDefault("bias", "none");
    if (!"none".equals(bias)) {
      throw new IOException("the configuration sets 'bias' to '%s'; allowed: none".formatted(bias));
    }
    return known.stream()
        .filter(kind -> kind.peft().matches(config))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "no kind of adapter is of peft_type '%s' with these settings; known are %s"
                        .formatted(
                            config.get("peft_type"),
                            known.stream()
                                .map(kind -> kind.peft().type())
                                .filter(type -> !type.isEmpty())
                                .distinct()
                                .sorted()
                                .toList())));
  }

  /** Settings of the surgery, within their bounds, for exactly these layers. */
  static Settings settings(Map<String, Object> config, AdapterKind kind, Set<String> paths) {
    Settings settings = Settings.of("targets", PeftFolder.exactly(paths));
    for (Map.Entry<String, String> key : kind.peft().keys().entrySet()) {
      Object value = config.get(key.getValue());
      if (value instanceof Number || value instanceof Boolean || value instanceof String) {
        settings = settings.with(key.getKey(), value);
      } else if (value != null) {
        throw new IllegalArgumentException(
            "'%s' is %s; allowed: a number, a text or a truth value"
                .formatted(key.getValue(), value));
      }
    }
    for (Map.Entry<String, String> key : kind.peft().layers().entrySet()) {
      Object value = config.get(key.getValue());
      Set<String> chosen =
          paths.stream()
              .filter(path -> value != null && isTarget(value, path))
              .collect(java.util.stream.Collectors.toSet());
      settings = settings.with(key.getKey(), PeftFolder.exactly(chosen));
    }
    return settings.checked(kind.about().id(), kind.settings());
  }

  static List<String> modulesToSave(Map<String, Object> config) throws IOException {
    Object value = config.get(SAVED);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new IOException("'%s' is %s; allowed: a list of names".formatted(SAVED, value));
  }

  /** Refuses a layer that the targets of the configuration do not name. */
  static void requireTarget(Map<String, Object> config, String path) throws IOException {
    Object targets = config.get(TARGETS);
    if (targets == null || !isTarget(targets, path)) {
      throw new IOException(
          "the file has tensors for layer '%s', which is not among %s %s"
              .formatted(path, TARGETS, targets));
    }
  }

  private static boolean isTarget(Object targets, String path) {
    if (targets instanceof Collection<?> names) {
      return names.stream().anyMatch(name -> name instanceof String text && isEndOf(text, path));
    }
    if (!(targets instanceof String pattern) || pattern.length() > MOST_PATTERN) {
      return false;
    }
    try {
      return pattern.equals("all-linear") || Pattern.matches(pattern, path);
    } catch (PatternSyntaxException | StackOverflowError e) {
      return false;
    }
  }

  /** True if a name is the path or its end after a dot. */
  static boolean isEndOf(String name, String path) {
    return path.equals(name) || path.endsWith("." + name);
  }
}
