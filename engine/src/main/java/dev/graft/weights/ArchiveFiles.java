package dev.graft.weights;

import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Set;

/**
 * The files in a zip from anywhere, read where they lie: nothing is unpacked to the disk, so no
 * name in it can reach outside. Names that would leave a folder, links, two entries of one name,
 * overlapping entries and entries that expand too far are refused when it is opened.
 */
public final class ArchiveFiles {

  private static final int DIGEST_PIECE = 1 << 20;

  private final FileBytes file;
  private final ZipArchive archive;
  private final ReadOptions options;

  private ArchiveFiles(FileBytes file, ReadOptions options) {
    this.file = file;
    this.archive = ZipArchive.open(file, options);
    this.options = options;
  }

  /**
   * Opens a zip file.
   *
   * @throws IOException if it cannot be read
   * @throws WeightFormatException if it is no zip file, or breaks a rule
   */
  public static ArchiveFiles open(Path zip) throws IOException {
    ReadOptions options = ReadOptions.defaults();
    FileBytes file = FileBytes.open(zip, options.access());
    if (!ZipArchive.recognises(file)) {
      throw new WeightFormatException(Reason.UNKNOWN_FORMAT, "no zip file").in(zip);
    }
    try {
      return new ArchiveFiles(file, options);
    } catch (WeightFormatException e) {
      throw e.in(zip);
    }
  }

  /** The files by name, in the order of the archive. */
  public Set<String> names() {
    return archive.entries().keySet();
  }

  /**
   * The bytes of a file.
   *
   * @param most bytes it may have
   * @throws WeightFormatException if there is no such file, it has more, or is broken
   */
  public byte[] read(String name, int most) {
    ZipArchive.Entry entry = entry(name);
    if (entry.size() > most) {
      throw new WeightFormatException(
          Reason.BAD_ARCHIVE,
          "'%s' has %d bytes; at most %d are read".formatted(name, entry.size(), most));
    }
    byte[] bytes = new byte[(int) entry.size()];
    archive.read(entry).get(bytes);
    return bytes;
  }

  /** The weights in a file; mapped where they are stored uncompressed and large. */
  public Weights weights(String name) {
    return WeightFiles.read(content(entry(name)), options, name);
  }

  /** Adds the bytes of a file to a digest. */
  public void digest(String name, MessageDigest digest) {
    FileBytes content = content(entry(name));
    for (long at = 0; at < content.size(); at += DIGEST_PIECE) {
      digest.update(content.slice(at, Math.min(DIGEST_PIECE, content.size() - at)));
    }
  }

  private FileBytes content(ZipArchive.Entry entry) {
    if (entry.stored()) {
      return file.within(entry.offset(), entry.size());
    }
    ByteBuffer unpacked = archive.read(entry);
    byte[] bytes = new byte[unpacked.remaining()];
    unpacked.get(bytes);
    return FileBytes.of(bytes);
  }

  private ZipArchive.Entry entry(String name) {
    ZipArchive.Entry entry = archive.entries().get(name);
    if (entry == null) {
      throw new WeightFormatException(
          Reason.BAD_ARCHIVE, "no file '%s' in the archive; it has %s".formatted(name, names()));
    }
    return entry;
  }
}
