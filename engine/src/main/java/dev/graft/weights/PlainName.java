package dev.graft.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds a file that foreign text names, and makes sure that it lies in the one folder it may lie
 * in: a plain name without separators, and no link, except for the links from snapshots to blobs
 * that the hub's cache is made of.
 */
final class PlainName {

  private PlainName() {}

  /** True if the text can only be the name of a file. */
  static boolean isPlain(String name) {
    return !name.isEmpty()
        && !name.equals("..")
        && !name.equals(".")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
  }

  /** True if the path is a link that leads out of its folder and is not one of the hub's cache. */
  static boolean isForeignLink(Path file) throws IOException {
    return Files.isSymbolicLink(file) && !isInHubCache(file);
  }

  /** The hub's cache keeps each content once, under blobs, and links to it from the snapshots. */
  private static boolean isInHubCache(Path link) throws IOException {
    Path snapshots = link.toAbsolutePath().getParent().toRealPath().getParent();
    return snapshots != null
        && snapshots.endsWith("snapshots")
        && link.toRealPath().startsWith(snapshots.resolveSibling("blobs"));
  }
}
