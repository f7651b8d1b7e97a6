package dev.graft.vision.family;

import dev.graft.plan.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network as libraries name it: {@code torchvision.models.mobilenet_v2}, {@code
 * timm.create_model("vit_tiny_patch16_224")}, or an {@code architecture} alone.
 *
 * @param library {@code torchvision} or {@code timm}; empty where the configuration does not say
 * @param name of the constructor or architecture
 * @param arguments what the constructor is called with; without those that are null
 */
record Constructor(String library, String name, Map<String, Object> arguments) {

  private static final Pattern TORCHVISION = Pattern.compile("torchvision\\.models\\.(\\w+)");
  private static final Pattern TIMM =
      Pattern.compile("timm\\.create_model\\(\\s*[\"']([^\"']+)[\"']\\s*\\)");

  /** The constructor that a configuration names, if it names one. */
  static Optional<Constructor> of(Map<String, Object> config) {
    if (config.get("constructor") instanceof String text) {
      Matcher torchvision = TORCHVISION.matcher(text);
      if (torchvision.matches()) {
        return Optional.of(
            new Constructor("torchvision", torchvision.group(1), arguments(config, "arguments")));
      }
      Matcher timm = TIMM.matcher(text);
      return timm.matches()
          ? Optional.of(new Constructor("timm", timm.group(1), arguments(config, "arguments")))
          : Optional.empty();
    }
    if (config.get("architecture") instanceof String name) {
      Map<String, Object> arguments = arguments(config, "model_args");
      arguments.putAll(arguments(config, "arguments"));
      if (config.get("num_classes") instanceof Number classes) {
        arguments.put("num_classes", classes);
      }
      return Optional.of(new Constructor("", name, arguments));
    }
    return Optional.empty();
  }

  private static Map<String, Object> arguments(Map<String, Object> config, String key) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (config.get(key) instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) -> {
            if (value != null) {
              result.put(String.valueOf(name), value);
            }
          });
    }
    return result;
  }

  /** True if it may be of this library: it says so or says nothing. */
  boolean mayBe(String other) {
    return library.isEmpty() || library.equals(other);
  }

  /**
   * The arguments as settings of a family.
   *
   * @param names names of arguments to names of settings
   * @throws IllegalArgumentException for any other argument
   */
  Settings settings(Map<String, String> names) {
    Map<String, Object> result = new LinkedHashMap<>();
    arguments.forEach(
        (argument, value) -> {
          if (!names.containsKey(argument)) {
            throw new IllegalArgumentException(
                "argument '%s' of %s is not known; known are %s"
                    .formatted(argument, name, new TreeSet<>(names.keySet())));
          }
          result.put(names.get(argument), value);
        });
    return new Settings(result);
  }
}
