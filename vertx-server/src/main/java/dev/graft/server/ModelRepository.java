package dev.graft.server;

import dev.graft.bundle.Bundle;
import dev.graft.registry.Registry;
import dev.graft.server.Slots.Slot;
import dev.graft.server.Slots.State;
import dev.graft.server.access.Names;
import dev.graft.server.access.Refusal;
import dev.graft.server.registry.Versions;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The models that a server has loaded, out of its folder. A request that names no version is
 * answered by the one that the registry says, or by the newest where it says nothing. Safe for any
 * thread.
 */
final class ModelRepository implements AutoCloseable {

  /**
   * One version of a model.
   *
   * @param reason why it is not ready; empty where it is, or where nobody has asked for it
   */
  record Entry(String name, String version, State state, String reason) {}

  private static final System.Logger LOG = System.getLogger(ModelRepository.class.getName());

  private final ModelFolder folder;
  private final BundleOpener opener;
  private final Optional<Versions> versions;
  private final Residents residents;
  private final Slots slots = new Slots();

  /** Held while a model that was away is loaded, so that it is loaded once. */
  private final Object fetching = new Object();

  /**
   * The repository of a folder; nothing but the bases is loaded yet.
   *
   * @param versions which of them answer and what they must be; without it the newest does
   * @throws IOException if there is no such folder, or a base cannot be loaded
   */
  ModelRepository(ModelOptions options, Registry registry, Optional<Versions> versions)
      throws IOException {
    this.residents = new Residents(options.mostResident(), options.pinned());
    this.folder = new ModelFolder(options.folder());
    this.versions = versions;
    this.opener = new BundleOpener(options, registry);
  }

  /** Every version that lies in the folder, by name and number. */
  List<Entry> index() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String name : folder.names()) {
      for (int version : folder.versions(name).keySet()) {
        Slot slot = slots.get(name, version);
        entries.add(new Entry(name, Integer.toString(version), slot.state(), slot.reason()));
      }
    }
    return entries;
  }

  /** Loads everything there is; what fails is logged and listed with its reason. */
  void loadAll() throws IOException {
    for (String name : folder.names()) {
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
    Map<Integer, Path> found = folder.versions(checked(name));
    if (found.isEmpty()) {
      throw unknown(name);
    }
    List<String> problems = new ArrayList<>();
    for (Map.Entry<Integer, Path> each : found.entrySet()) {
      try {
        load(name, each.getKey(), each.getValue());
      } catch (IOException | RuntimeException e) {
        if (slots.get(name, each.getKey()).model() == null) {
          slots.put(name, each.getKey(), new Slot(State.UNAVAILABLE, "it cannot be loaded"));
        }
        LOG.log(System.Logger.Level.WARNING, "model " + name + " " + each.getKey(), e);
        problems.add(each.getKey().toString());
      }
    }
    follow(name);
    if (problems.size() == found.size()) {
      throw Refusal.unavailable("model '%s' cannot be loaded; the server's log says why", name);
    }
  }

  /**
   * Loads one version, unless it is loaded as it lies there. Blocks.
   *
   * @return its digest
   * @throws Refusal if there is none, or it cannot be loaded
   */
  String loadVersion(String name, int version) throws IOException {
    Path path = folder.versions(checked(name)).get(version);
    if (path == null) {
      throw Refusal.notFound("no version %s of model '%s'", version, name);
    }
    try {
      load(name, version, path);
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "model " + name + " " + version, e);
      throw Refusal.unavailable(
          "version %s of model '%s' cannot be loaded; the server's log says why", version, name);
    }
    return ModelFolder.digest(path);
  }

  private void load(String name, int version, Path path) throws IOException {
    Optional<String> pinned =
        versions.isPresent() ? versions.get().digest(name, version) : Optional.empty();
    if (pinned.isPresent() && !pinned.get().equals(ModelFolder.digest(path))) {
      throw new IOException(
          "'%s' was changed after it was registered; put it back, or add another version"
              .formatted(path));
    }
    Bundle bundle = Bundle.open(path);
    Slot present = slots.get(name, version);
    if (present.model() != null
        && present.model().predictor().manifest().equals(bundle.manifest())) {
      return;
    }
    if (present.model() == null && !present.isAway()) {
      slots.put(name, version, new Slot(State.LOADING, ""));
    }
    Optional<String> base = opener.baseOf(bundle);
    ServedModel model =
        new ServedModel(
            name, Integer.toString(version), opener.open(bundle), base, opener.room(base));
    slots.put(name, version, Slot.ready(model));
    makeRoom(model);
  }

  /** Takes models over bases out of memory, those first that were not asked for longest. */
  private void makeRoom(ServedModel newest) {
    residents.arrived(newest);
    Optional<ServedModel> leaving = residents.leaving(loaded(), newest);
    while (leaving.isPresent()) {
      ServedModel model = leaving.get();
      slots.put(model.name(), Integer.parseInt(model.version()), Slot.away(model));
      leaving = residents.leaving(loaded(), newest);
    }
  }

  /** Lets a model stay in memory, or lets it make room for others again. */
  void pin(String name, boolean value) {
    residents.pin(checked(name), value);
  }

  /** Who comes into memory and makes room. */
  Residents residents() {
    return residents;
  }

  /** True if a model has made room for others, so that it must be {@linkplain #fetch fetched}. */
  boolean isAway(String name, String version) {
    return chosen(name, version).map(found -> found.slot().isAway()).orElse(false);
  }

  /** A model that answers, loaded if it was away. Blocks. */
  ServedModel fetch(String name, String version) throws IOException {
    synchronized (fetching) {
      Optional<Slots.Found> found = chosen(name, version);
      if (found.isPresent() && found.get().slot().isAway()) {
        var unused = loadVersion(name, found.get().version());
      }
      return model(name, version);
    }
  }

  /** The name that a request for an adapter of a base means. */
  String adapter(String base, String name) {
    if (!opener.isBase(checked(base))) {
      throw Refusal.invalid(
          "'%s' is no base; adapters are asked for by the name of their base", base);
    }
    if (!slots.isOver(checked(name), base)) {
      throw Refusal.notFound("no adapter '%s' of the base '%s'", name, base);
    }
    return name;
  }

  /** Answers as the registry says from now on. */
  private void follow(String name) throws IOException {
    if (versions.isPresent()) {
      OptionalInt version = versions.get().promoted(name);
      if (version.isPresent()) {
        answerWith(name, version.getAsInt());
      }
    }
  }

  /** Lets a version answer where none is named, from the next request on. */
  void answerWith(String name, int version) {
    slots.promote(name, version);
  }

  /** True if that version answers where none is named because the registry said so. */
  boolean isPromoted(String name, int version) {
    return slots.isPromoted(name, version);
  }

  /** The version that answers where none is named; empty where none does. */
  OptionalInt answering(String name) {
    try {
      return OptionalInt.of(Integer.parseInt(model(name, "").version()));
    } catch (Refusal e) {
      return OptionalInt.empty();
    }
  }

  /** Copies a bundle to the next version of a model, which is not loaded yet. */
  int add(String name, Bundle bundle) throws IOException {
    return folder.add(name, bundle);
  }

  /** Closes a version and deletes its bundle. Blocks. */
  void remove(String name, int version) throws IOException {
    slots.remove(name, version);
    folder.remove(name, version);
  }

  /** Closes all versions of a model; requests that wait for it are answered first. Blocks. */
  void unload(String name) {
    if (!slots.unload(checked(name))) {
      throw unknown(name);
    }
  }

  /**
   * A model that answers.
   *
   * @param version empty for the one that was promoted, or the newest where none was
   * @throws Refusal if there is none, or it is not ready
   */
  ServedModel model(String name, String version) {
    return chosen(name, version)
        .map(found -> ready(name, found.slot()))
        .orElseThrow(() -> missing(name, version));
  }

  private Optional<Slots.Found> chosen(String name, String version) {
    return slots.chosen(checked(name), version);
  }

  private Refusal missing(String name, String version) {
    if (opener.isBase(name)) {
      return Refusal.invalid(
          "'%s' is a base and has no task of its own; name one of its adapters in the parameter"
              + " 'adapter'",
          name);
    }
    if (!version.isEmpty()) {
      return Refusal.notFound("no version %s of model '%s'", version, name);
    }
    return slots.knows(name) ? notReady(name) : unknown(name);
  }

  /** Every version that answers, by name and number. */
  List<ServedModel> loaded() {
    return slots.loaded();
  }

  /** True if that version answers; false if it does not, or is not there. */
  boolean isReady(String name, String version) {
    try {
      return isAway(name, version) || model(name, version) != null;
    } catch (Refusal e) {
      if (e.status() == GrpcStatus.UNAVAILABLE) {
        return false;
      }
      throw e;
    }
  }

  /** True if no model is on its way. */
  boolean isReady() {
    return !slots.isLoading();
  }

  private static ServedModel ready(String name, Slot slot) {
    if (slot.model() == null) {
      throw notReady(name);
    }
    return slot.model();
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

  @Override
  public void close() {
    slots.clear();
    opener.close();
  }
}
