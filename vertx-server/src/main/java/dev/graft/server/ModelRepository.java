package dev.graft.server;

import dev.graft.bundle.Bundle;
import dev.graft.infer.Predictor;
import dev.graft.registry.Registry;
import dev.graft.server.access.Names;
import dev.graft.server.access.Refusal;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bundles under a folder: {@code NAME} is a bundle, or holds bundles {@code NAME/VERSION} whose
 * versions are whole numbers. Only what lies in the folder is ever opened. Safe for any thread.
 */
final class ModelRepository implements AutoCloseable {

  /** States as clients of the protocol know them. */
  enum State {
    UNAVAILABLE,
    LOADING,
    READY
  }

  /**
   * One version of a model.
   *
   * @param reason why it is not ready; empty where it is, or where nobody has asked for it
   */
  record Entry(String name, String version, State state, String reason) {}

  private static final System.Logger LOG = System.getLogger(ModelRepository.class.getName());
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");
  private static final String ONLY = "1";
  private static final String MANIFEST = "graft.json";

  private record Slot(State state, String reason, ServedModel model) {}

  private final Path folder;
  private final Registry registry;
  private final Map<String, TreeMap<Integer, Slot>> slots = new TreeMap<>();

  /**
   * The repository of a folder; nothing is loaded yet.
   *
   * @throws IOException if there is no such folder
   */
  ModelRepository(Path folder, Registry registry) throws IOException {
    this.folder = folder.toRealPath();
    this.registry = registry;
    if (!Files.isDirectory(this.folder)) {
      throw new IOException("'%s' is no folder; give one that holds bundles".formatted(folder));
    }
  }

  /** Every version that lies in the folder, by name and number. */
  List<Entry> index() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String name : names()) {
      for (int version : versions(name).keySet()) {
        Slot slot = slot(name, version);
        entries.add(new Entry(name, Integer.toString(version), slot.state, slot.reason));
      }
    }
    return entries;
  }

  /** Loads everything there is; what fails is logged and listed with its reason. */
  void loadAll() throws IOException {
    for (String name : names()) {
      try {
        load(name);
      } catch (Refusal e) {
        LOG.log(System.Logger.Level.WARNING, "model {0}: {1}", name, e.getMessage());
      }
    }
  }

  /**
   * Loads the versions of a model that are not loaded, and those whose bundle has been replaced
   * since; a version that cannot be loaded again goes on as it was. Blocks.
   *
   * @throws Refusal if there is no such model, or none of its versions can be loaded
   */
  void load(String name) throws IOException {
    Map<Integer, Path> found = versions(checked(name));
    if (found.isEmpty()) {
      throw unknown(name);
    }
    List<String> problems = new ArrayList<>();
    for (Map.Entry<Integer, Path> each : found.entrySet()) {
      try {
        load(name, each.getKey(), each.getValue());
      } catch (IOException | RuntimeException e) {
        if (slot(name, each.getKey()).model == null) {
          put(name, each.getKey(), new Slot(State.UNAVAILABLE, "it cannot be loaded", null));
        }
        LOG.log(System.Logger.Level.WARNING, "model " + name + " " + each.getKey(), e);
        problems.add(each.getKey().toString());
      }
    }
    if (problems.size() == found.size()) {
      throw Refusal.unavailable("model '%s' cannot be loaded; the server's log says why", name);
    }
  }

  private void load(String name, int version, Path path) throws IOException {
    Bundle bundle = Bundle.open(path);
    Slot present = slot(name, version);
    if (present.model != null && present.model.predictor().manifest().equals(bundle.manifest())) {
      return;
    }
    if (present.model == null) {
      put(name, version, new Slot(State.LOADING, "", null));
    }
    Predictor predictor = Predictor.open(bundle, registry);
    ServedModel model = new ServedModel(name, Integer.toString(version), predictor);
    put(name, version, new Slot(State.READY, "", model));
  }

  /** Closes all versions of a model; requests that it computes are answered first. Blocks. */
  void unload(String name) {
    Map<Integer, Slot> gone;
    synchronized (slots) {
      gone = slots.remove(checked(name));
    }
    if (gone == null) {
      throw unknown(name);
    }
    gone.values().forEach(ModelRepository::close);
  }

  /**
   * A model that answers.
   *
   * @param version empty for the newest
   * @throws Refusal if there is none, or it is not ready
   */
  ServedModel model(String name, String version) {
    if (!version.isEmpty() && !VERSION.matcher(version).matches()) {
      throw Refusal.invalid("versions are whole numbers from 1");
    }
    synchronized (slots) {
      TreeMap<Integer, Slot> all = slots.getOrDefault(checked(name), new TreeMap<>());
      if (!version.isEmpty()) {
        Slot slot = all.get(Integer.valueOf(version));
        if (slot == null) {
          throw Refusal.notFound("no version %s of model '%s'", version, name);
        }
        return ready(name, slot);
      }
      return all.descendingMap().values().stream()
          .filter(slot -> slot.model != null)
          .findFirst()
          .map(Slot::model)
          .orElseThrow(() -> all.isEmpty() ? unknown(name) : notReady(name));
    }
  }

  /** True if that version answers; false if it does not, or is not there. */
  boolean isReady(String name, String version) {
    try {
      return model(name, version) != null;
    } catch (Refusal e) {
      if (e.status() == GrpcStatus.UNAVAILABLE) {
        return false;
      }
      throw e;
    }
  }

  /** True if no model is on its way. */
  boolean isReady() {
    synchronized (slots) {
      return slots.values().stream()
          .flatMap(all -> all.values().stream())
          .noneMatch(slot -> slot.state == State.LOADING);
    }
  }

  private static ServedModel ready(String name, Slot slot) {
    if (slot.model == null) {
      throw notReady(name);
    }
    return slot.model;
  }

  private static Refusal notReady(String name) {
    return Refusal.unavailable("model '%s' is not ready", name);
  }

  private static Refusal unknown(String name) {
    return Refusal.notFound("no model '%s'", name);
  }

  private static String checked(String name) {
    return Names.checked("model", name);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .filter(Names::isName)
          .sorted()
          .toList();
    }
  }

  private Map<Integer, Path> versions(String name) throws IOException {
    Path model = folder.resolve(name);
    TreeMap<Integer, Path> found = new TreeMap<>();
    if (!Files.isDirectory(model) || !model.toRealPath().startsWith(folder)) {
      return found;
    }
    if (Files.exists(model.resolve(MANIFEST))) {
      found.put(Integer.valueOf(ONLY), model);
      return found;
    }
    try (Stream<Path> all = Files.list(model)) {
      all.filter(path -> Files.exists(path.resolve(MANIFEST)))
          .filter(path -> VERSION.matcher(path.getFileName().toString()).matches())
          .sorted(Comparator.naturalOrder())
          .forEach(path -> found.put(Integer.valueOf(path.getFileName().toString()), path));
    }
    return found;
  }

  private Slot slot(String name, int version) {
    synchronized (slots) {
      TreeMap<Integer, Slot> all = slots.getOrDefault(name, new TreeMap<>());
      return all.getOrDefault(version, new Slot(State.UNAVAILABLE, "", null));
    }
  }

  private void put(String name, int version, Slot slot) {
    Slot before;
    synchronized (slots) {
      before = slots.computeIfAbsent(name, key -> new TreeMap<>()).put(version, slot);
    }
    if (before != null) {
      close(before);
    }
  }

  private static void close(Slot slot) {
    if (slot.model != null) {
      slot.model.predictor().close();
    }
  }

  @Override
  public void close() {
    List<Slot> all = new ArrayList<>();
    synchronized (slots) {
      slots.values().forEach(versions -> all.addAll(versions.values()));
      slots.clear();
    }
    all.forEach(ModelRepository::close);
  }
}
