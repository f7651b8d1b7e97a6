package dev.graft;

import dev.graft.internal.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for files that nobody needs afterwards, such as runs whose figures are all one wants.
 */
public final class ScratchFolder implements AutoCloseable {

  private final Path folder;

  private ScratchFolder(Path folder) {
    this.folder = folder;
  }

  /** A new empty folder where the system keeps temporary files. */
  public static ScratchFolder create(String prefix) throws IOException {
    return new ScratchFolder(Files.createTempDirectory(prefix));
  }

  /** Where it is. */
  public Path path() {
    return folder;
  }

  /** A place in it. */
  public Path path(String name) {
    return folder.resolve(name);
  }

  /** Deletes a place in it with all that is there; nothing happens where nothing is. */
  public void delete(String name) throws IOException {
    AtomicFiles.deleteAll(folder.resolve(name));
  }

  /** Deletes it with all that is in it. */
  @Override
  public void close() throws IOException {
    AtomicFiles.deleteAll(folder);
  }
}
