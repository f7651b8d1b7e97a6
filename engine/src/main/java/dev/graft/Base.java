package dev.graft;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.data.Dataset;
import dev.graft.data.Preprocessing;
import dev.graft.data.SideFiles;
import dev.graft.internal.Json;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.plan.Choice;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Generator;
import dev.graft.spi.Modality;
import dev.graft.spi.ModelFamily;
import dev.graft.spi.Surgery;
import dev.graft.task.Task;
import dev.graft.task.Tasks;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.train.BaseModel;
import dev.graft.weights.BaseFolder;
import dev.graft.weights.LoadRules;
import dev.graft.weights.WeightCard;
import dev.graft.weights.WeightLoader;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model to start from, from which any number of models can be built: a folder as Hugging Face
 * publishes it ({@code config.json}, weights, {@code preprocessor_config.json}), a bundle of an
 * earlier transfer, or a folder with a configuration alone, which can only be trained from scratch.
 * Its preprocessing works until it is closed; models that it built are their owners'.
 */
public final class Base implements BaseModel, AutoCloseable {

  private final Path folder;
  private final Registry registry;
  private final Origin origin;
  private final ModelFamily family;
  private final Map<String, Object> overrides;
  private final Preprocessing preprocessing;

  /**
   * What was found in the folder.
   *
   * @param spec how the network is built
   * @param surgery what an earlier transfer changed in it; empty for a published base
   * @param task of the earlier transfer, or null
   * @param read how the earlier transfer read its data; no settings for a published base
   * @param weights empty where there is a configuration alone
   * @param card what is said about it, preprocessing settings included
   */
  private record Origin(
      ModelSpec spec,
      List<Choice> surgery,
      Task task,
      Settings read,
      Optional<Weights> weights,
      WeightCard card,
      SideFiles files) {

    /** A configuration alone: what depends on the data is not fixed yet. */
    boolean open() {
      return weights.isEmpty() && card.preprocessing().isEmpty();
    }
  }

  private Base(Path folder, Registry registry, Origin origin, Map<String, Object> overrides)
      throws IOException {
    this.folder = folder;
    this.registry = registry;
    this.origin = origin;
    this.family = registry.get(ModelFamily.class, origin.spec.family());
    this.overrides = overrides;
    Map<String, Object> settings = new LinkedHashMap<>(origin.card.preprocessing());
    settings.putAll(overrides);
    this.preprocessing =
        origin.open()
            ? null
            : registry.get(Modality.class, family.modality()).preprocessing(settings, origin.files);
  }

  /**
   * Opens a base.
   *
   * @param overrides preprocessing settings that replace those of the folder, for example {@code
   *     input_size}; empty for none
   * @throws IOException if a file is missing or cannot be read; the message says which and why
   */
  public static Base open(Path folder, Map<String, Object> overrides, Registry registry)
      throws IOException {
    Origin origin = Bundle.isAt(folder) ? bundle(folder) : published(folder, registry);
    return new Base(folder, registry, origin, overrides);
  }

  private static Origin bundle(Path folder) throws IOException {
    Bundle bundle = Bundle.open(folder);
    Manifest manifest = bundle.manifest();
    return new Origin(
        manifest.model(),
        manifest.surgery(),
        Tasks.of(manifest.task(), manifest.taskSettings()),
        manifest.data().settings(),
        Optional.of(bundle.weights()),
        new WeightCard(
            name(folder),
            "",
            "a bundle made from " + manifest.base().name(),
            List.of(),
            manifest.preprocessing()),
        bundle.sideFiles());
  }

  private static Origin published(Path folder, Registry registry) throws IOException {
    Path config = folder.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      throw new IOException(
          "'%s' is no base model: it has no config.json; a base is a folder with config.json and"
                  .formatted(folder)
              + " weights, or a bundle");
    }
    return new Origin(
        registry.modelSpec(Json.readObject(config)),
        List.of(),
        null,
        Settings.NONE,
        hasWeights(folder) ? Optional.of(Weights.open(folder)) : Optional.empty(),
        BaseFolder.readCard(folder),
        BaseFolder.sideFiles(folder));
  }

  private static boolean hasWeights(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.anyMatch(
          file ->
              file.toString().matches(".*\\.(safetensors|bin|pt|pth|th|npz)(\\.index\\.json)?"));
    }
  }

  /**
   * This base with the preprocessing, and what in the network depends on it, fitted to the rows
   * that will be trained on; the same base where weights or settings fix them.
   */
  public Base fittedTo(Dataset training) throws IOException {
    if (!origin.open()) {
      return this;
    }
    Modality modality = registry.get(Modality.class, family.modality());
    Map<String, Object> settings = new LinkedHashMap<>();
    modality.fit(training).ifPresent(fitted -> settings.putAll(fitted.settings()));
    settings.putAll(overrides);
    Preprocessing fitted = modality.preprocessing(settings, origin.files);
    ModelSpec spec = family.fitted(origin.spec, fitted);
    WeightCard card = new WeightCard(name(), "", "", List.of(), fitted.settings());
    Origin fixed =
        new Origin(spec, List.of(), null, Settings.NONE, Optional.empty(), card, origin.files);
    return new Base(folder, registry, fixed, Map.of());
  }

  /** Where it was opened. */
  public Path folder() {
    return folder;
  }

  /** Its name: that of the folder. */
  public String name() {
    return origin.card.name();
  }

  /** What its publisher says about it. */
  public WeightCard card() {
    return origin.card;
  }

  private static String name(Path folder) {
    return folder.toAbsolutePath().normalize().getFileName().toString().replaceAll("\\.zip$", "");
  }

  /** True if nothing fixes how it reads examples: a configuration alone, without settings. */
  boolean readsAnything() {
    return origin.open() && overrides.isEmpty();
  }

  /** The classes of its outputs in order; empty where nothing says. */
  public List<String> labels() {
    return origin.task == null ? origin.card.labels() : origin.task.labels();
  }

  /** Names of the tasks that an earlier transfer taught it; empty for a published base. */
  Set<String> tasks() {
    return origin.task == null ? Set.of() : origin.task.all().keySet();
  }

  /**
   * Settings for a generator: those given, and of the others those that an earlier transfer read
   * its data with, for example the template that laid out its chats.
   *
   * @throws IllegalArgumentException if the generator does not know a given one
   */
  public Settings settingsFor(Generator generator, Settings given) {
    Map<String, Object> all = new LinkedHashMap<>(origin.read.values());
    all.keySet().retainAll(generator.settings().stream().map(Setting::key).toList());
    all.putAll(given.values());
    return new Settings(all).checked(generator.about().id(), generator.settings());
  }

  /** How its network is built, before surgery. */
  public ModelSpec spec() {
    return origin.spec;
  }

  /** What an earlier transfer changed in its network, in order; empty for a published base. */
  public List<Choice> surgery() {
    return origin.surgery;
  }

  /** The family of its network. */
  public ModelFamily family() {
    return family;
  }

  /** Its weights as they stand on disk; empty where there is a configuration alone. */
  public Optional<Weights> weights() {
    return origin.weights;
  }

  /** The digest that bundles made from it know it by. */
  String digest() {
    return origin.weights.map(Weights::digest).orElse("of no weights");
  }

  /**
   * How examples become its inputs.
   *
   * @throws IllegalStateException if that is not known before {@link #fittedTo} was called
   */
  public Preprocessing preprocessing() {
    if (preprocessing == null) {
      throw new IllegalStateException(
          "'%s' is a configuration alone; fit it to data first".formatted(folder));
    }
    return preprocessing;
  }

  @Override
  public Model pretrained() {
    Weights weights =
        origin.weights.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' has no weights; it can only be trained with the method from-scratch"
                        .formatted(folder)));
    Model model = new Model(origin.spec, family.build(origin.spec)).withChannelsInnermost();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      for (Choice choice : origin.surgery) {
        registry.get(Surgery.class, choice.id()).apply(model, choice.settings(), origin.task);
      }
      boolean published = origin.task == null;
      WeightLoader.load(model, weights, published ? family.loadRules(model) : LoadRules.strict());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    return model;
  }

  @Override
  public void close() {
    if (preprocessing != null) {
      preprocessing.close();
    }
  }

  @Override
  public Model random() {
    ModelSpec trainable = family.trainable(origin.spec);
    return new Model(trainable, family.build(trainable)).withChannelsInnermost();
  }
}
