package dev.graft.adapters.peft;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterSet;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One adapter as a folder: {@code adapter_config.json} and {@code adapter_model.safetensors}.
 *
 * <p>A tensor is named {@code base_model.model.<module path>.lora_A.weight}: the adapter's own name
 * is left out. The head and every normalisation with running statistics are written with the
 * adapter and listed as {@code modules_to_save}; without them its predictions are random. Nothing
 * in a folder is executed: pickles are refused, and of the configuration only the keys that shape
 * the adapter are read.
 */
public final class PeftFolder {

  static final String CONFIG = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PREFIX = "base_model.model.";

  private final Path folder;

  private PeftFolder(Path folder) {
    this.folder = folder;
  }

  /** The adapter of a folder, which need not exist yet. */
  public static PeftFolder at(Path folder) {
    return new PeftFolder(folder);
  }

  /**
   * What a folder held.
   *
   * @param kind of the adapter
   * @param settings of its surgery, its targets by path
   * @param layers number of layers it lies on
   * @param modules paths of the modules that came whole
   */
  public record Content(AdapterKind kind, Settings settings, int layers, Set<String> modules) {

    public Content {
      modules = Set.copyOf(modules);
    }
  }

  // ---- writing ----

  /**
   * Writes an adapter of a model; files that stand there are replaced.
   *
   * @param name of the adapter in the model
   * @param settings those it was made with
   * @param base what it was trained on, for people; a name or a hub id
   * @throws IllegalArgumentException if PEFT has no form for this kind or one of its layers
   */
  public void write(Model model, String name, AdapterKind kind, Settings settings, String base)
      throws IOException {
    Map<String, Map<String, Tensor>> adapters = AdapterSet.of(model).parameters(name);
    Config.requireKnown(kind, model, adapters.keySet());
    Set<String> whole = WholeModules.of(model);
    Map<String, HostTensor> tensors = new TreeMap<>();
    boolean prompt = kind.peft().isPrompt();
    if (prompt) {
      tensors.put(PromptTable.NAME, PromptTable.of(model, name, kind));
    }
    try (Scope scope = Scope.open()) {
      adapters.forEach(
          (path, own) ->
              own.forEach(
                  (tensor, values) -> {
                    if (!prompt) {
                      tensors.put(PREFIX + path + "." + tensor, values.toHost());
                    }
                  }));
      model
          .state()
          .forEach(
              (full, values) -> {
                if (whole.stream().anyMatch(path -> full.startsWith(path + "."))
                    && !WholeModules.isOfAdapter(full, model)) {
                  tensors.put(prefix(kind) + full, values.toHost());
                }
              });
    }
    Files.createDirectories(folder);
    Weights.of(tensors).save(folder.resolve(WEIGHTS));
    Map<String, Object> config =
        Config.of(kind, settings, List.copyOf(adapters.keySet()), List.copyOf(whole), base);
    if (prompt) {
      config.putAll(PromptTable.network(model, name));
    }
    Config.write(folder.resolve(CONFIG), config);
  }

  /** What names begin with. */
  private static String prefix(AdapterKind kind) {
    return kind.peft().isPrompt() ? PromptTable.PREFIX : PREFIX;
  }

  // ---- reading ----

  /**
   * Puts the adapter of a folder into a model, switched on; everything fits or nothing is changed.
   *
   * @param name of the adapter in the model
   * @param known kinds that may be read
   * @throws IOException if a file is missing or is not of this layout, if the configuration asks
   *     for something that is not known here or out of bounds, or if a tensor does not fit
   */
  public Content read(Model model, String name, List<AdapterKind> known) throws IOException {
    Map<String, Object> config = Config.read(folder.resolve(CONFIG));
    Weights weights = weights();
    AdapterKind kind = Config.kind(config, known);
    Map<String, String> whole = new LinkedHashMap<>();
    Map<String, Set<String>> adapters = new LinkedHashMap<>();
    boolean prompt = kind.peft().isPrompt();
    List<String> saved = Config.modulesToSave(config);
    if (prompt) {
      whole.putAll(PromptTable.whole(weights, model));
    } else {
      sort(weights, model, whole, adapters);
    }
    WholeModules.requireListed(whole, saved, folder);
    if (adapters.isEmpty() && !prompt) {
      throw new IOException("'%s' holds no tensor of an adapter".formatted(folder));
    }
    for (String path : adapters.keySet()) {
      Config.requireTarget(config, path);
    }
    try {
      Set<String> targets =
          prompt ? new LinkedHashSet<>(AdapterSet.of(model).places(kind)) : adapters.keySet();
      Settings settings = Config.settings(config, kind, targets);
      checkWhole(weights, model, whole);
      if (prompt) {
        PromptTable.add(model, name, kind, settings, weights.get(PromptTable.NAME));
      } else {
        add(model, name, kind, settings, weights, adapters);
      }
      copy(weights, model, whole);
      return new Content(kind, settings, targets.size(), WholeModules.parents(whole.values()));
    } catch (IllegalArgumentException e) {
      throw new IOException("'%s' does not fit: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private Weights weights() throws IOException {
    Path file = folder.resolve(WEIGHTS);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "'%s' has no %s; adapters are read from safetensors alone, save it again in that format"
              .formatted(folder, WEIGHTS));
    }
    return Weights.open(file);
  }

  /** Tells tensors of the adapter, by layer, from those of modules that were saved whole. */
  private void sort(
      Weights weights, Model model, Map<String, String> whole, Map<String, Set<String>> adapters)
      throws IOException {
    Set<String> state = model.state().keySet();
    Set<String> paths = model.modules().keySet();
    for (String stored : weights.names()) {
      if (!stored.startsWith(PREFIX)) {
        throw new IOException(
            "tensor '%s' of '%s' does not begin with %s".formatted(stored, folder, PREFIX));
      }
      String full = stored.substring(PREFIX.length());
      if (state.contains(full)) {
        whole.put(stored, full);
        continue;
      }
      String path = full;
      while (!path.isEmpty() && !paths.contains(path)) {
        path = WholeModules.parent(path);
      }
      if (path.isEmpty()) {
        throw new IOException(
            "tensor '%s' of '%s' belongs to no module of the model; its modules are %s"
                .formatted(stored, folder, paths.stream().limit(20).toList()));
      }
      adapters
          .computeIfAbsent(path, key -> new LinkedHashSet<>())
          .add(full.substring(path.length() + 1));
    }
  }

  private static void checkWhole(Weights weights, Model model, Map<String, String> whole) {
    whole.forEach((stored, full) -> checkShape(weights, stored, model.state().get(full)));
  }

  private static void checkShape(Weights weights, String stored, Tensor place) {
    List<Long> given = boxed(weights.stored(stored).shape());
    if (!given.equals(boxed(place.shape()))) {
      throw new IllegalArgumentException(
          "tensor '%s' has shape %s, here it is %s".formatted(stored, given, boxed(place.shape())));
    }
  }

  private static List<Long> boxed(long[] shape) {
    return java.util.Arrays.stream(shape).boxed().toList();
  }

  private static void add(
      Model model,
      String name,
      AdapterKind kind,
      Settings settings,
      Weights weights,
      Map<String, Set<String>> given) {
    AdapterSet set = AdapterSet.of(model);
    set.add(name, kind, settings);
    try {
      Map<String, Map<String, Tensor>> places = set.parameters(name);
      places.forEach(
          (path, own) -> {
            if (!own.keySet().equals(given.get(path))) {
              throw new IllegalArgumentException(
                  "layer '%s' of kind '%s' has tensors %s, the file has %s"
                      .formatted(path, kind.about().id(), own.keySet(), given.get(path)));
            }
            own.forEach(
                (tensor, place) -> {
                  checkShape(weights, PREFIX + path + "." + tensor, place);
                });
          });
      try (Autograd off = Autograd.off()) {
        places.forEach(
            (path, own) ->
                own.forEach(
                    (tensor, place) -> copyInto(place, weights.get(PREFIX + path + "." + tensor))));
      }
      set.activate(name);
    } catch (RuntimeException e) {
      set.remove(name);
      throw e;
    }
  }

  private static void copy(Weights weights, Model model, Map<String, String> whole) {
    Map<String, Tensor> state = model.state();
    try (Autograd off = Autograd.off()) {
      whole.forEach((stored, full) -> copyInto(state.get(full), weights.get(stored)));
    }
  }

  private static void copyInto(Tensor place, HostTensor values) {
    try (Scope scope = Scope.open()) {
      place.copyInPlace(Tensor.of(values).to(place.dtype()));
    }
  }

  /** A regular expression that matches some paths and nothing else. */
  static String exactly(Set<String> paths) {
    return paths.stream().map(Pattern::quote).collect(Collectors.joining("|"));
  }
}
