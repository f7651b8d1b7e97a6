package dev.graft.server;

import dev.graft.bundle.Bundle;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Digests;
import dev.graft.server.access.Names;
import dev.graft.server.access.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bundles under a folder: {@code NAME} is a bundle, or holds bundles {@code NAME/VERSION} whose
 * versions are whole numbers. Only what lies in the folder is ever opened.
 */
final class ModelFolder {

  private static final System.Logger LOG = System.getLogger(ModelFolder.class.getName());

  /** The version of a bundle that lies directly under its name. */
  private static final Integer ONLY = 1;

  private static final String MANIFEST = "graft.json";
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

  private final Path root;

  /**
   * The bundles of a folder.
   *
   * @throws IOException if there is no such folder
   */
  ModelFolder(Path root) throws IOException {
    this.root = root.toRealPath();
    if (!Files.isDirectory(this.root)) {
      throw new IOException("'%s' is no folder; give one that holds bundles".formatted(root));
    }
  }

  /** True if a text is a version. */
  static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }

  /** The names, sorted. */
  List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .filter(Names::isName)
          .sorted()
          .toList();
    }
  }

  /** The versions of a model, oldest first; none where there is no such model. */
  NavigableMap<Integer, Path> versions(String name) throws IOException {
    Path model = root.resolve(name);
    NavigableMap<Integer, Path> found = new TreeMap<>();
    if (!Files.isDirectory(model) || !isInside(model)) {
      return found;
    }
    if (Files.exists(model.resolve(MANIFEST))) {
      if (holdsWhatIsInside(model)) {
        found.put(ONLY, model);
      }
      return found;
    }
    try (Stream<Path> all = Files.list(model)) {
      all.filter(path -> Files.exists(path.resolve(MANIFEST)))
          .filter(path -> isVersion(path.getFileName().toString()))
          .filter(path -> isInside(path) && holdsWhatIsInside(path))
          .forEach(path -> found.put(Integer.valueOf(path.getFileName().toString()), path));
    }
    return found;
  }

  /** True if no file of a bundle is a link to the outside. */
  private boolean holdsWhatIsInside(Path bundle) {
    try (Stream<Path> files = Files.list(bundle)) {
      return files.allMatch(this::isInside);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "'" + bundle + "' is left out", e);
      return false;
    }
  }

  /** True if a path lies in the folder once its links are followed; else the log says so. */
  private boolean isInside(Path path) {
    try {
      Path real = path.toRealPath();
      if (!real.startsWith(root)) {
        LOG.log(
            Level.WARNING,
            "''{0}'' is left out: it links to ''{1}'', outside of the models; copy it there",
            path,
            real);
        return false;
      }
      return true;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "'" + path + "' is left out", e);
      return false;
    }
  }

  /**
   * Copies a bundle to the next version of a model, whole or not at all.
   *
   * @return the version
   * @throws Refusal if the model is a bundle without versions
   */
  int add(String name, Bundle bundle) throws IOException {
    NavigableMap<Integer, Path> present = versions(Names.checked("model", name));
    Path model = root.resolve(name);
    if (present.containsValue(model)) {
      throw Refusal.precondition(
          "model '%s' is a bundle without versions; move it to %s/1 first", name, name);
    }
    int version = present.isEmpty() ? 1 : present.lastKey() + 1;
    TreeSet<String> files = new TreeSet<>(bundle.manifest().digests().keySet());
    files.add(MANIFEST);
    AtomicFiles.writeFolder(
        model.resolve(Integer.toString(version)),
        temporary -> {
          for (String file : files) {
            var unused = Files.copy(bundle.folder().resolve(file), temporary.resolve(file));
          }
        });
    return version;
  }

  /**
   * Deletes a version that was {@linkplain #add added}, and its model where it was the only one.
   */
  void remove(String name, int version) throws IOException {
    Path model = root.resolve(Names.checked("model", name));
    AtomicFiles.deleteAll(model.resolve(Integer.toString(version)));
    try (Stream<Path> left = Files.list(model)) {
      if (left.findAny().isEmpty()) {
        Files.delete(model);
      }
    }
  }

  /** SHA-256 of a bundle's manifest, which has those of its other files. */
  static String digest(Path bundle) throws IOException {
    return Digests.sha256(bundle.resolve(MANIFEST));
  }
}
