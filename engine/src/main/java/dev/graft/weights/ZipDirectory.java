package dev.graft.weights;

import dev.graft.weights.WeightFormatException.Reason;
import dev.graft.weights.ZipArchive.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the central directory of a zip file (zip64 too), compares each entry with its local header,
 * and refuses what an honest writer does not produce: names that are absolute, climb, repeat or are
 * links; entries that overlap or expand too far; encryption.
 *
 * <p>Source: PKWARE APPNOTE.TXT, version 6.3.
 */
final class ZipDirectory {

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int LOCATOR64 = 0x07064b50;

  private static final int END_SIZE = 22;
  private static final int LOCATOR64_SIZE = 20;
  private static final int END64_SIZE = 56;
  private static final int LOCAL_SIZE = 30;
  private static final int CENTRAL_SIZE = 46;

  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ENCRYPTED = 1;
  private static final int SIZES_FOLLOW = 8;
  private static final long IN_ZIP64 = 0xFFFFFFFFL;

  private static final int UNIX_LINK = 0xA000;

  /** Entries up to this size may expand as far as the method can. */
  private static final long FREE_EXPANSION = 1 << 20;

  /** What one byte of deflated data can expand to at most. */
  private static final long MOST_EXPANSION = 1032;

  private final FileBytes file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private ZipDirectory(FileBytes file) {
    this.file = file;
  }

  static boolean recognises(FileBytes file) {
    return file.size() >= END_SIZE
        && (int4(file.slice(0, 4), 0) == LOCAL || int4(file.slice(0, 4), 0) == END);
  }

  /** The files by name, in the order of the directory. */
  static Map<String, Entry> read(FileBytes file, ReadOptions options) {
    ZipDirectory directory = new ZipDirectory(file);
    long[] place = place(file);
    directory.readAll(place[0], place[1], options);
    directory.checkOverlaps(place[0]);
    return directory.entries;
  }

  /** Finds where the central directory begins and how many entries it has. */
  private static long[] place(FileBytes file) {
    long end = findEnd(file);
    ByteBuffer record = file.slice(end, END_SIZE);
    long count = int2(record, 10);
    long size = int4(record, 12) & IN_ZIP64;
    long start = int4(record, 16) & IN_ZIP64;
    long limit = end;
    if (count == 0xFFFF || size == IN_ZIP64 || start == IN_ZIP64) {
      long at = end64(file, end);
      ByteBuffer record64 = file.slice(at, END64_SIZE);
      count = record64.getLong(32);
      size = record64.getLong(40);
      start = record64.getLong(48);
      limit = at;
    }
    if (start < 0 || size < 0 || count < 0 || start > limit - size) {
      throw bad("the directory of %d bytes at %d lies outside the file".formatted(size, start));
    }
    if (count > size / CENTRAL_SIZE) {
      throw bad("%d entries do not fit into a directory of %d bytes".formatted(count, size));
    }
    return new long[] {start, count};
  }

  /** The end record is the last thing in the file, but for a comment of a given length. */
  private static long findEnd(FileBytes file) {
    long first = Math.max(0, file.size() - END_SIZE - 0xFFFF);
    ByteBuffer tail = file.slice(first, file.size() - first);
    for (int at = tail.limit() - END_SIZE; at >= 0; at--) {
      if (int4(tail, at) == END && at + END_SIZE + int2(tail, at + 20) == tail.limit()) {
        return first + at;
      }
    }
    throw new WeightFormatException(
        Reason.TRUNCATED, "the zip file has no end record; it is cut short, fetch it again");
  }

  private static long end64(FileBytes file, long end) {
    if (end < LOCATOR64_SIZE + END64_SIZE) {
      throw bad("a zip64 record is missing");
    }
    ByteBuffer locator = file.slice(end - LOCATOR64_SIZE, LOCATOR64_SIZE);
    long at = locator.getLong(8);
    if (int4(locator, 0) != LOCATOR64 || at < 0 || at > end - LOCATOR64_SIZE - END64_SIZE) {
      throw bad("a zip64 record is missing");
    }
    if (int4(file.slice(at, END64_SIZE), 0) != END64) {
      throw bad("a zip64 record is missing");
    }
    return at;
  }

  private void readAll(long start, long count, ReadOptions options) {
    long at = start;
    for (long i = 0; i < count; i++) {
      ByteBuffer fixed = file.slice(at, CENTRAL_SIZE);
      if (int4(fixed, 0) != CENTRAL) {
        throw bad("entry %d of the directory has no signature".formatted(i));
      }
      int nameLength = int2(fixed, 28);
      int extraLength = int2(fixed, 30);
      String name = text(file.slice(at + CENTRAL_SIZE, nameLength));
      ByteBuffer extra = file.slice(at + CENTRAL_SIZE + nameLength, extraLength);
      at += CENTRAL_SIZE + nameLength + extraLength + int2(fixed, 32);
      checkName(name, int4(fixed, 38) >>> 16);
      if (name.endsWith("/")) {
        continue;
      }
      Entry entry = entry(name, fixed, extra);
      checkExpansion(entry, options);
      if (entries.put(name, entry) != null) {
        throw new WeightFormatException(
            Reason.DUPLICATE_NAME, "the archive has two entries '%s'".formatted(name));
      }
    }
  }

  private Entry entry(String name, ByteBuffer fixed, ByteBuffer extra) {
    int flags = int2(fixed, 8);
    int method = int2(fixed, 10);
    if ((flags & ENCRYPTED) != 0 || (method != STORED && method != DEFLATED)) {
      throw bad(
          "'%s' is encrypted or packed by method %d; stored and deflated entries are read"
              .formatted(name, method));
    }
    long[] wide = {
      int4(fixed, 24) & IN_ZIP64, int4(fixed, 20) & IN_ZIP64, int4(fixed, 42) & IN_ZIP64
    };
    widen(wide, extra);
    long size = wide[0];
    long packed = wide[1];
    long local = wide[2];
    if (size < 0 || packed < 0 || local < 0 || (method == STORED && size != packed)) {
      throw bad("'%s' claims %d bytes packed into %d".formatted(name, size, packed));
    }
    long offset = dataOffset(name, local, new int[] {flags, method}, new long[] {size, packed});
    if (packed > file.size() - offset) {
      throw new WeightFormatException(
          Reason.TRUNCATED,
          "'%s' needs %d bytes at %d, but the file ends at %d"
              .formatted(name, packed, offset, file.size()));
    }
    return new Entry(name, method == STORED, packed, size, int4(fixed, 16), offset);
  }

  /**
   * Replaces the values that did not fit into 32 bits: size, packed size, offset, in this order.
   */
  private static void widen(long[] values, ByteBuffer extra) {
    int at = 0;
    while (at + 4 <= extra.limit()) {
      int length = int2(extra, at + 2);
      if (length > extra.limit() - at - 4) {
        throw bad("an extra field is cut short");
      }
      if (int2(extra, at) == 1) {
        int from = at + 4;
        for (int i = 0; i < values.length; i++) {
          if (values[i] == IN_ZIP64 && from + 8 <= at + 4 + length) {
            values[i] = extra.getLong(from);
            from += 8;
          }
        }
      }
      at += 4 + length;
    }
  }

  /** Where the data begin, by the local header, which must tell the same as the directory. */
  private long dataOffset(String name, long local, int[] flagsAndMethod, long[] sizes) {
    ByteBuffer fixed = file.slice(local, LOCAL_SIZE);
    int nameLength = int2(fixed, 26);
    boolean same =
        int4(fixed, 0) == LOCAL
            && int2(fixed, 8) == flagsAndMethod[1]
            && (int2(fixed, 6) & ENCRYPTED) == 0
            && text(file.slice(local + LOCAL_SIZE, nameLength)).equals(name);
    long size = int4(fixed, 22) & IN_ZIP64;
    long packed = int4(fixed, 18) & IN_ZIP64;
    if ((flagsAndMethod[0] & SIZES_FOLLOW) == 0 && size != IN_ZIP64 && packed != IN_ZIP64) {
      same &= size == sizes[0] && packed == sizes[1];
    }
    if (!same) {
      throw bad("the directory and the local header of '%s' disagree".formatted(name));
    }
    return local + LOCAL_SIZE + nameLength + int2(fixed, 28);
  }

  private static void checkName(String name, int unixMode) {
    boolean climbs = List.of(name.split("/", -1)).stream().anyMatch(part -> part.equals(".."));
    if (name.isEmpty()
        || climbs
        || name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf(':') >= 0
        || name.chars().anyMatch(c -> c < ' ')
        || (unixMode & 0xF000) == UNIX_LINK) {
      throw new WeightFormatException(
          Reason.UNSAFE_NAME,
          "the archive holds '%s', which is absolute, climbs or is a link".formatted(name));
    }
  }

  private static void checkExpansion(Entry entry, ReadOptions options) {
    if (entry.size() / MOST_EXPANSION > entry.packed()) {
      throw bad(
          "'%s' claims to expand %d bytes to %d, which no data can"
              .formatted(entry.name(), entry.packed(), entry.size()));
    }
    if (entry.size() > FREE_EXPANSION && entry.size() / options.maxRatio() > entry.packed()) {
      throw new WeightFormatException(
          Reason.COMPRESSION_RATIO,
          "'%s' expands %d bytes to %d; at most %d times are allowed by these options, so raise"
                  .formatted(entry.name(), entry.packed(), entry.size(), options.maxRatio())
              + " maxRatio for a file you trust");
    }
  }

  private void checkOverlaps(long directoryStart) {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::offset));
    for (int i = 0; i < sorted.size(); i++) {
      Entry entry = sorted.get(i);
      // The next entry's local header lies before its data; its shortest length is enough here.
      long limit = i + 1 < sorted.size() ? sorted.get(i + 1).offset() - LOCAL_SIZE : directoryStart;
      if (entry.offset() + entry.packed() > limit) {
        throw bad("'%s' overlaps what follows it".formatted(entry.name()));
      }
    }
  }

  private static String text(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new WeightFormatException(Reason.NOT_UTF8, "the name of an entry is not UTF-8", e);
    }
  }

  private static int int2(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xFFFF;
  }

  private static int int4(ByteBuffer bytes, int at) {
    return bytes.getInt(at);
  }

  private static WeightFormatException bad(String message) {
    return new WeightFormatException(Reason.BAD_ARCHIVE, message);
  }
}
