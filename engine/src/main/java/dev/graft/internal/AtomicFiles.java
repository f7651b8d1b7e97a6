package dev.graft.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;

/**
 * Files and folders that appear whole or not at all.
 *
 * <p>Content is written to a hidden name in the same parent, forced to the device, renamed into
 * place, and the parent is forced too: a crash at any byte leaves either the old state or the new
 * one. A rename without the forces can survive a crash as a file of zeros.
 */
public final class AtomicFiles {

  private AtomicFiles() {}

  /** Writes the content of a file or of a folder. */
  @FunctionalInterface
  public interface Writer<T> {
    /**
     * Writes everything to {@code target}.
     *
     * @throws IOException if it cannot
     */
    void write(T target) throws IOException;
  }

  /**
   * Writes a file, replacing one that is there.
   *
   * @throws IOException if it cannot be written; the old file is then untouched
   */
  public static void write(Path target, byte[] content) throws IOException {
    write(target, temporary -> Files.write(temporary, content));
  }

  /**
   * Writes a file, replacing one that is there.
   *
   * @param writer is given the path to create and fill
   * @throws IOException if it cannot be written; the old file is then untouched
   */
  public static void write(Path target, Writer<Path> writer) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path temporary = beside(absolute);
    try {
      writer.write(temporary);
      force(temporary);
      move(temporary, absolute);
    } finally {
      Files.deleteIfExists(temporary);
    }
    force(absolute.getParent());
  }

  /**
   * Writes a folder that does not exist yet.
   *
   * @param writer is given an empty folder to fill
   * @throws FileAlreadyExistsException if {@code target} exists
   * @throws IOException if it cannot be written; no trace is left then
   */
  public static void writeFolder(Path target, Writer<Path> writer) throws IOException {
    Path absolute = target.toAbsolutePath();
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          absolute.toString(), null, "choose another name or remove it first");
    }
    Path temporary = beside(absolute);
    Files.createDirectory(temporary);
    try {
      writer.write(temporary);
      forceAll(temporary);
      Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteAll(temporary);
    }
    force(absolute.getParent());
  }

  /**
   * Deletes a file, or a folder with everything in it; links are deleted, not followed. Nothing
   * happens if it does not exist.
   *
   * @throws IOException if something cannot be deleted
   */
  public static void deleteAll(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** A name in the same parent, made if needed, so that the rename stays in one file system. */
  private static Path beside(Path target) throws IOException {
    Files.createDirectories(target.getParent());
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          "the file system of %s cannot rename atomically; choose a local folder".formatted(to), e);
    }
  }

  private static void forceAll(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            force(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            force(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Forces a file or a folder to the device. */
  private static void force(Path path) throws IOException {
    boolean folder = Files.isDirectory(path);
    if (folder && !canOpenFolders()) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Windows opens no folder as a channel; its renames need no such force. */
  private static boolean canOpenFolders() {
    return !System.getProperty("os.name", "").startsWith("Windows");
  }
}
