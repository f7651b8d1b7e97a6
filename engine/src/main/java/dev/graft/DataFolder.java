package dev.graft;

import dev.graft.data.DataParts;
import dev.graft.plan.Choice;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Opens a folder of data with the source that knows its form. */
public final class DataFolder {

  private DataFolder() {}

  /**
   * Opens a folder or file.
   *
   * @param format id of the source; empty: the one that recognises it
   * @param settings of the source; those left out have their defaults
   * @throws IOException if nothing stands there, no source or more than one recognises it, or it
   *     cannot be read; the message lists the sources
   */
  public static DataParts open(
      Path path, String format, Map<String, Object> settings, Registry registry)
      throws IOException {
    return open(path, reading(path, format, settings, registry), registry);
  }

  /** Opens a folder or file in the way that {@link #reading} has found. */
  static DataParts open(Path path, Choice read, Registry registry) throws IOException {
    return registry.get(DataSource.class, read.id()).open(path, read.settings());
  }

  /** How a folder or file is read: the source and all of its settings. */
  static Choice reading(Path path, String format, Map<String, Object> settings, Registry registry)
      throws IOException {
    DataSource source = source(path, format, registry);
    String id = source.about().id();
    return new Choice(id, new Settings(settings).checked(id, source.settings()));
  }

  /** The source of a folder: of the id, or the one that recognises it. */
  static DataSource source(Path path, String format, Registry registry) throws IOException {
    requireThere(path);
    return format.isEmpty() ? recognised(path, registry) : registry.get(DataSource.class, format);
  }

  /**
   * The source of a folder that goes with a labelled one: the labelled one's, unless another one
   * alone recognises it.
   */
  static DataSource sourceBeside(Path path, DataSource labelled, Registry registry)
      throws IOException {
    requireThere(path);
    List<DataSource> found = recognising(path, registry);
    return found.size() == 1 ? found.get(0) : labelled;
  }

  private static void requireThere(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("there is no data at '%s'".formatted(path));
    }
  }

  private static List<DataSource> recognising(Path path, Registry registry) throws IOException {
    List<DataSource> found = new ArrayList<>();
    for (DataSource source : registry.all(DataSource.class)) {
      if (source.recognises(path)) {
        found.add(source);
      }
    }
    return found;
  }

  private static DataSource recognised(Path path, Registry registry) throws IOException {
    List<DataSource> found = recognising(path, registry);
    if (found.size() == 1) {
      return found.get(0);
    }
    List<String> forms =
        registry.all(DataSource.class).stream()
            .map(source -> source.about().id() + " (" + source.about().summary() + ")")
            .toList();
    throw new IOException(
        found.isEmpty()
            ? "'%s' has no form that is known: %s; name one as format"
                .formatted(path, String.join(", ", forms))
            : "'%s' can be read as %s; name one as format"
                .formatted(path, found.stream().map(source -> source.about().id()).toList()));
  }
}
