package dev.graft.weights.hub;

import dev.graft.internal.AtomicFiles;
import dev.graft.weights.hub.HubException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of the cache folder that belongs to one repository, in the hub's standard layout:
 *
 * <pre>
 * models--org--name/
 *   blobs/DIGEST                 each content once; DIGEST.incomplete while it arrives
 *   refs/REVISION                the commit that a branch or tag stood at
 *   snapshots/COMMIT/FILE        links to the blobs
 * </pre>
 *
 * <p>A reference is written when its snapshot is complete, so that what it names can be used
 * whenever a pull was stopped. Every name that comes from outside is checked before it becomes a
 * path.
 */
final class HubCache {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  private final Path folder;
  private final Path lockFile;

  HubCache(Path cache, RepoId repo) {
    folder = cache.toAbsolutePath().resolve(repo.folderName());
    lockFile = cache.toAbsolutePath().resolve(".locks").resolve(repo.folderName() + ".lock");
  }

  /** True if the text is a full commit id. */
  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /**
   * Splits a path of the repository, refusing what would leave a folder.
   *
   * @throws HubException if a part is empty, climbs or is no plain name
   */
  static List<String> parts(String path) throws HubException {
    List<String> parts = List.of(path.split("/", -1));
    for (String part : parts) {
      boolean plain =
          !part.isEmpty()
              && !part.equals(".")
              && !part.equals("..")
              && part.chars().noneMatch(c -> c == '\\' || c == ':' || c < ' ');
      if (!plain) {
        throw new HubException(
            Reason.UNSAFE_NAME, "'%s' is no plain path inside a repository".formatted(path));
      }
    }
    return parts;
  }

  /** Keeps other pulls of the repository away, in this process and in others, until closed. */
  FileChannel lock() throws IOException {
    Files.createDirectories(lockFile.getParent());
    FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.lock();
      assert lock.isValid();
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new HubException(
          Reason.BUSY, "%s is being pulled by this process already".formatted(folder), e);
    }
  }

  /** The commit that a revision stood at when it was last pulled. */
  Optional<String> commit(String revision) throws IOException {
    if (isCommit(revision)) {
      return Optional.of(revision);
    }
    Path reference = ref(revision);
    if (!Files.isRegularFile(reference)) {
      return Optional.empty();
    }
    return Optional.of(Files.readString(reference).strip()).filter(HubCache::isCommit);
  }

  /** Notes that the snapshot of a revision is complete. */
  void setCommit(String revision, String commit) throws IOException {
    if (!isCommit(revision)) {
      AtomicFiles.write(ref(revision), commit.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** The folder of a commit; may not exist. */
  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** A file of a snapshot; may not exist. */
  Path file(String commit, String path) throws HubException {
    Path file = snapshot(commit);
    for (String part : parts(path)) {
      file = file.resolve(part);
    }
    return file;
  }

  /** Where the content with a digest is kept; may not exist. */
  Path blob(String digest) {
    return folder.resolve("blobs").resolve(digest);
  }

  /** Where the content with a digest arrives; may not exist, or hold a beginning. */
  Path incomplete(String digest) throws IOException {
    Files.createDirectories(folder.resolve("blobs"));
    return folder.resolve("blobs").resolve(digest + ".incomplete");
  }

  /** Makes a complete content known under its digest. */
  void keep(Path incomplete, String digest) throws IOException {
    try (FileChannel channel = FileChannel.open(incomplete, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        incomplete,
        blob(digest),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes a blob appear in a snapshot: as a link, or as a copy where there are no links. */
  void link(String commit, String path, String digest) throws IOException {
    Path file = file(commit, path);
    Files.createDirectories(file.getParent());
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(file);
    }
    try {
      Files.createSymbolicLink(file, file.getParent().relativize(blob(digest)));
    } catch (UnsupportedOperationException | FileSystemException e) {
      AtomicFiles.write(file, temporary -> Files.copy(blob(digest), temporary));
    }
  }

  private Path ref(String revision) throws HubException {
    Path reference = folder.resolve("refs");
    for (String part : parts(revision)) {
      reference = reference.resolve(part);
    }
    return reference;
  }
}
