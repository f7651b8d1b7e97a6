package dev.graft.weights;

import dev.graft.weights.WeightFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The entries of a zip file, as views of its bytes where they are stored uncompressed.
 *
 * <p>The JDK's reader does not tell where an entry lies, so nothing could be mapped; and it accepts
 * what {@link ZipDirectory} refuses. Checksums are compared where data are inflated; stored data
 * are handed out unread.
 */
final class ZipArchive {

  /**
   * One file of the archive.
   *
   * @param name path with forward slashes
   * @param stored whether it is uncompressed
   * @param packed bytes in the archive
   * @param size bytes when unpacked
   * @param crc checksum of the unpacked bytes
   * @param offset where its bytes begin in the file
   */
  record Entry(String name, boolean stored, long packed, long size, int crc, long offset) {}

  private final FileBytes file;
  private final Map<String, Entry> entries;

  private ZipArchive(FileBytes file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /** True if the bytes begin as a zip file does. */
  static boolean recognises(FileBytes file) {
    return ZipDirectory.recognises(file);
  }

  /** Reads the directory; no entry's data are touched. */
  static ZipArchive open(FileBytes file, ReadOptions options) {
    return new ZipArchive(file, ZipDirectory.read(file, options));
  }

  /** Files by name, in the order of the directory; folders are left out. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** All bytes of an entry. */
  ByteBuffer read(Entry entry) {
    if (entry.stored()) {
      return file.slice(entry.offset(), entry.size());
    }
    byte[] bytes = inflate(entry, entry.size());
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if ((int) crc.getValue() != entry.crc()) {
      throw bad("the data of '%s' do not match their checksum".formatted(entry.name()));
    }
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The first bytes of an entry, at most {@code limit}; their checksum is not compared. */
  ByteBuffer head(Entry entry, int limit) {
    long length = Math.min(limit, entry.size());
    return entry.stored()
        ? file.slice(entry.offset(), length)
        : ByteBuffer.wrap(inflate(entry, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] inflate(Entry entry, long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new WeightFormatException(
          Reason.TENSOR_TOO_LARGE,
          "'%s' unpacks to %d bytes; at most 2 GiB are held in one piece"
              .formatted(entry.name(), length));
    }
    byte[] bytes = new byte[(int) length];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(file.slice(entry.offset(), entry.packed()));
      int done = 0;
      while (done < bytes.length) {
        int n = inflater.inflate(bytes, done, bytes.length - done);
        if (n == 0) {
          throw bad(
              "'%s' unpacks to %d bytes, not to the %d it claims"
                  .formatted(entry.name(), done, entry.size()));
        }
        done += n;
      }
      if (length == entry.size() && inflater.inflate(new byte[1]) != 0) {
        throw bad("'%s' unpacks to more than the bytes it claims".formatted(entry.name()));
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new WeightFormatException(
          Reason.BAD_ARCHIVE, "'%s' cannot be unpacked".formatted(entry.name()), e);
    } finally {
      inflater.end();
    }
  }

  private static WeightFormatException bad(String message) {
    return new WeightFormatException(Reason.BAD_ARCHIVE, message);
  }
}
