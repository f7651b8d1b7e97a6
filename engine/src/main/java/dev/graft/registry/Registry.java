package dev.graft.registry;

import dev.graft.model.ModelSpec;
import dev.graft.spi.Combine;
import dev.graft.spi.DataSource;
import dev.graft.spi.Generator;
import dev.graft.spi.Interchange;
import dev.graft.spi.Modality;
import dev.graft.spi.ModelFamily;
import dev.graft.spi.Optimizer;
import dev.graft.spi.Plugin;
import dev.graft.spi.Sampler;
import dev.graft.spi.Schedule;
import dev.graft.spi.Surgery;
import dev.graft.spi.Term;
import dev.graft.spi.TransferMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * The plugins of one class loader, by kind and id. Built once and passed in; holds no state beyond
 * what it found.
 */
public final class Registry {

  private static final List<Class<? extends Plugin>> KINDS =
      List.of(
          ModelFamily.class,
          Modality.class,
          DataSource.class,
          TransferMethod.class,
          Surgery.class,
          Term.class,
          Combine.class,
          Sampler.class,
          Optimizer.class,
          Schedule.class,
          Generator.class,
          Interchange.class);

  private final Map<Class<?>, Map<String, Plugin>> plugins;

  private Registry(Map<Class<?>, Map<String, Plugin>> plugins) {
    this.plugins = plugins;
  }

  /**
   * Everything that services files of the class loader name.
   *
   * @throws IllegalStateException if two plugins of one kind have the same id
   */
  public static Registry load(ClassLoader loader) {
    Map<Class<?>, Map<String, Plugin>> found = new LinkedHashMap<>();
    for (Class<? extends Plugin> kind : KINDS) {
      Map<String, Plugin> byId = new TreeMap<>();
      for (Plugin plugin : ServiceLoader.load(kind, loader)) {
        Plugin other = byId.put(plugin.about().id(), plugin);
        if (other != null) {
          throw new IllegalStateException(
              "two plugins of kind %s have the id '%s': %s and %s; remove one from the class path"
                  .formatted(
                      words(kind),
                      plugin.about().id(),
                      other.getClass().getName(),
                      plugin.getClass().getName()));
        }
      }
      found.put(kind, byId);
    }
    return new Registry(found);
  }

  /** All plugins of a kind, by id. */
  public <P extends Plugin> List<P> all(Class<P> kind) {
    return plugins.get(kind).values().stream().map(kind::cast).toList();
  }

  /**
   * The plugin of a kind and id.
   *
   * @throws IllegalArgumentException if there is none; the message lists what exists
   */
  public <P extends Plugin> P get(Class<P> kind, String id) {
    Plugin plugin = plugins.get(kind).get(id);
    if (plugin == null) {
      throw new IllegalArgumentException(
          "no %s '%s'; there are %s".formatted(words(kind), id, plugins.get(kind).keySet()));
    }
    return kind.cast(plugin);
  }

  /** A kind of plugin as one says it: "transfer method". */
  private static String words(Class<? extends Plugin> kind) {
    return kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  /**
   * How to build the network that a configuration describes.
   *
   * @throws IllegalArgumentException if no family knows it, or more than one
   */
  public ModelSpec modelSpec(Map<String, Object> config) {
    List<ModelSpec> specs = new ArrayList<>();
    for (ModelFamily family : all(ModelFamily.class)) {
      Optional<ModelSpec> spec = family.read(config);
      spec.ifPresent(specs::add);
    }
    if (specs.size() != 1) {
      throw new IllegalArgumentException(
          "the configuration %s is known to %s; one of the families %s must know it"
              .formatted(
                  brief(config),
                  specs.isEmpty() ? "no family" : specs.stream().map(ModelSpec::family).toList(),
                  plugins.get(ModelFamily.class).keySet()));
    }
    return specs.get(0);
  }

  private static String brief(Map<String, Object> config) {
    Map<String, Object> keys = new LinkedHashMap<>();
    for (String key : List.of("model_type", "architecture", "constructor", "arguments")) {
      if (config.containsKey(key)) {
        keys.put(key, config.get(key));
      }
    }
    return keys.isEmpty() ? "with keys " + config.keySet() : keys.toString();
  }
}
