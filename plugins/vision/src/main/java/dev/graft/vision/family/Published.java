package dev.graft.vision.family;

import dev.graft.model.ModelSpec;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A published configuration in one form, whoever wrote it: an architecture's name and its
 * arguments, the number of classes always as {@code num_labels}.
 *
 * @param origin who gave the name
 * @param name {@code resnet50}, or the {@code model_type} of a {@code config.json}
 * @param arguments what is left after removing what says nothing about the network
 */
public record Published(Origin origin, String name, Map<String, Object> arguments) {

  /** Who gives names to architectures. */
  public enum Origin {
    /** {@code {"model_type": …}}: the name is the id of a family, the rest are its settings. */
    CONFIG,
    /** {@code {"constructor": "torchvision.models.…", "arguments": {…}}}. */
    TORCHVISION,
    /** {@code {"constructor": "timm.create_model(\"…\")", "arguments": {…}}}. */
    TIMM,
    /** {@code {"architecture": "…", "num_classes": …}}. */
    PLAIN,
    /** {@code {"constructor": "mdistiller.models.cifar.….…", "arguments": {…}}}. */
    MDISTILLER,
    /** {@code {"constructor": "resnet.… of akamaster/pytorch_resnet_cifar10"}}. */
    AKAMASTER,
    /** None of these. */
    OTHER
  }

  /** Those who call the same networks by the same names. */
  public static final Set<Origin> COMMON = Set.of(Origin.TORCHVISION, Origin.PLAIN);

  /** Those who use timm's names; its own {@code config.json} has an {@code architecture}. */
  public static final Set<Origin> TIMM_NAMES = Set.of(Origin.TIMM, Origin.PLAIN);

  private static final String LABELS = "num_labels";

  /** Keys that say where values come from or what classes are called, not how to build. */
  private static final Set<String> ASIDE =
      Set.of(
          "weights",
          "pretrained",
          "progress",
          "model_type",
          "architectures",
          "labels",
          "labels_file",
          "id2label",
          "label2id",
          "torch_dtype",
          "transformers_version");

  private static final Pattern CREATE = Pattern.compile("timm\\.create_model\\(\"([^\"]+)\"\\)");

  /** Recognises the form of a configuration. */
  public static Published of(Map<String, Object> config) {
    if (config.get("model_type") instanceof String type) {
      return new Published(Origin.CONFIG, type, arguments(config));
    }
    if (config.get("architecture") instanceof String name) {
      Map<String, Object> known = new LinkedHashMap<>(map(config.get("model_args")));
      if (config.containsKey("num_classes")) {
        known.put("num_classes", config.get("num_classes"));
      }
      return new Published(Origin.PLAIN, untagged(name), arguments(known));
    }
    if (config.get("constructor") instanceof String constructor) {
      return constructed(constructor, arguments(map(config.get("arguments"))));
    }
    return new Published(Origin.OTHER, "", Map.of());
  }

  /**
   * The settings of a family, if the configuration is one of its.
   *
   * @param family id of the family, which is its {@code model_type} too
   * @param from whose names for architectures the family understands
   * @param architectures settings that a name stands for
   * @param known the settings there are
   * @throws IllegalArgumentException if a setting is unknown or out of range
   */
  public Optional<ModelSpec> spec(
      String family,
      Collection<Origin> from,
      Map<String, Map<String, Object>> architectures,
      List<Setting> known) {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (from.contains(origin) && architectures.containsKey(name)) {
      settings.putAll(architectures.get(name));
    } else if (origin != Origin.CONFIG || !name.equals(family)) {
      return Optional.empty();
    }
    settings.putAll(arguments);
    return Optional.of(
        new ModelSpec(family, new Settings(settings).checked(family, known).values()));
  }

  /**
   * What torchvision and timm call the networks of a family.
   *
   * @param torchvision settings by torchvision's names, which others use too
   * @param timm settings by timm's names
   * @param arguments our names of timm's arguments, where they differ
   */
  record Libraries(
      Map<String, Map<String, Object>> torchvision,
      Map<String, Map<String, Object>> timm,
      Map<String, String> arguments) {}

  /** The settings of a family whose networks both libraries publish, under names of their own. */
  Optional<ModelSpec> spec(String family, Libraries libraries, List<Setting> known) {
    return spec(family, COMMON, libraries.torchvision(), known)
        .or(() -> renamed(libraries.arguments()).spec(family, TIMM_NAMES, libraries.timm(), known));
  }

  /** The same with other names for some arguments; those not listed keep theirs. */
  Published renamed(Map<String, String> names) {
    Map<String, Object> result = new LinkedHashMap<>();
    arguments.forEach((key, value) -> result.put(names.getOrDefault(key, key), value));
    return new Published(origin, name, result);
  }

  private static Published constructed(String constructor, Map<String, Object> arguments) {
    Matcher create = CREATE.matcher(constructor);
    if (create.matches()) {
      return new Published(Origin.TIMM, untagged(create.group(1)), arguments);
    }
    String path = constructor.split(" ", 2)[0];
    String name = path.substring(path.lastIndexOf('.') + 1);
    if (path.startsWith("torchvision.models.")) {
      return new Published(Origin.TORCHVISION, name, arguments);
    }
    if (path.startsWith("mdistiller.models.cifar.")) {
      return new Published(Origin.MDISTILLER, name, arguments);
    }
    return constructor.contains("akamaster/pytorch_resnet_cifar10")
        ? new Published(Origin.AKAMASTER, name, arguments)
        : new Published(Origin.OTHER, name, arguments);
  }

  /** What follows a dot in timm's names ({@code resnet50.a1_in1k}) tells weights apart. */
  private static String untagged(String name) {
    return name.split("\\.", 2)[0];
  }

  private static Map<String, Object> arguments(Map<String, Object> given) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    given.forEach(
        (key, value) -> {
          if (!ASIDE.contains(key) && value != null) {
            arguments.put(key.equals("num_classes") ? LABELS : key, value);
          }
        });
    if (given.get("labels") instanceof List<?> labels) {
      arguments.putIfAbsent(LABELS, labels.size());
    } else if (given.get("id2label") instanceof Map<?, ?> labels) {
      arguments.putIfAbsent(LABELS, labels.size());
    }
    return arguments;
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> result.put(String.valueOf(key), entry));
    }
    return result;
  }
}
