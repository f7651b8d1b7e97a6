package dev.graft.server.jobs;

import dev.graft.server.access.Names;
import dev.graft.server.access.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders under one that the operator chose, by name. Nothing else is ever opened. */
public final class NamedFolders {

  /** Names listed in an error. */
  private static final int SHOWN = 20;

  private final String what;
  private final Path root;

  /**
   * The folders under {@code root}.
   *
   * @param what one of them is, for messages: {@code base}
   * @throws IOException if there is no such folder
   */
  public NamedFolders(String what, Path root) throws IOException {
    this.what = what;
    this.root = root.toRealPath();
    if (!Files.isDirectory(this.root)) {
      throw new IOException("'%s' is no folder; give the one of every %s".formatted(root, what));
    }
  }

  /** Where they are. */
  Path root() {
    return root;
  }

  /** The names, sorted. */
  public List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      return all.map(path -> path.getFileName().toString())
          .filter(Names::isName)
          .filter(name -> isInside(root.resolve(name)))
          .sorted()
          .toList();
    }
  }

  /** False for what is no folder, and for a link that leads elsewhere. */
  private boolean isInside(Path folder) {
    try {
      return Files.isDirectory(folder) && folder.toRealPath().startsWith(root);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The folder of a name.
   *
   * @throws Refusal if the name is not well formed, or there is none
   */
  public Path folder(String name) throws IOException {
    Path folder = root.resolve(Names.checked(what, name));
    if (!isInside(folder)) {
      List<String> names = names();
      throw Refusal.notFound(
          "no %s '%s'; there are %d: %s",
          what, name, names.size(), names.subList(0, Math.min(SHOWN, names.size())));
    }
    return folder;
  }
}
