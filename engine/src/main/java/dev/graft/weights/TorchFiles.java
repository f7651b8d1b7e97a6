package dev.graft.weights;

import dev.graft.weights.PickleGlobals.StorageType;
import dev.graft.weights.WeightFormatException.Reason;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@code torch.save} writes, as data: the zip format (a pickle beside one entry a
 * storage) and the legacy one (five pickles, then the storages one after the other).
 *
 * <p>Source: {@code torch/serialization.py}, PyTorch 1.13 and 2.x.
 */
final class TorchFiles {

  private static final String PICKLE = "data.pkl";

  /**
   * Protocol 2, then the integer that begins every legacy checkpoint, and the end of the pickle.
   */
  private static final byte[] LEGACY_START = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private static final long LEGACY_VERSION = 1001;

  /** No checkpoint's objects come near; its tensors lie outside. */
  private static final long MAX_PICKLE = 256L << 20;

  private TorchFiles() {}

  /** True if the zip file holds a pickle where {@code torch.save} puts it. */
  static boolean recognises(ZipArchive archive) {
    return archive.entries().keySet().stream().anyMatch(TorchFiles::isPickle);
  }

  /** True if the bytes begin as a legacy checkpoint does. */
  static boolean recognisesLegacy(FileBytes file) {
    return file.size() > LEGACY_START.length
        && file.slice(0, LEGACY_START.length).equals(ByteBuffer.wrap(LEGACY_START));
  }

  /** The object tree of a checkpoint in the zip format. */
  static Object readZip(FileBytes file, ZipArchive archive) {
    List<String> names = List.copyOf(archive.entries().keySet());
    String pickle = names.stream().filter(TorchFiles::isPickle).findFirst().orElseThrow();
    String root = pickle.substring(0, pickle.length() - PICKLE.length());
    if (names.stream().filter(TorchFiles::isPickle).count() > 1) {
      throw new WeightFormatException(
          Reason.BAD_ARCHIVE, "the archive holds %s more than once".formatted(PICKLE));
    }
    if (names.stream()
        .anyMatch(name -> name.startsWith(root + "code/") || name.equals(root + "constants.pkl"))) {
      throw new WeightFormatException(
          Reason.PROGRAM,
          "this is a TorchScript program, not weights; in Python, save its state_dict()");
    }
    checkByteOrder(archive, root);
    Map<String, TorchStorage> storages = new HashMap<>();
    Object tree =
        PickleMachine.read(
            pickle(archive.read(archive.entries().get(pickle))),
            id -> {
              StorageId parsed = StorageId.parse(id, 5);
              return storages.computeIfAbsent(
                  parsed.key() + " " + parsed.type().dtype(),
                  key -> storage(file, archive, root, parsed));
            });
    PickleTree.check(tree);
    return tree;
  }

  private static TorchStorage storage(
      FileBytes file, ZipArchive archive, String root, StorageId id) {
    ZipArchive.Entry entry = archive.entries().get(root + "data/" + id.key());
    if (entry == null) {
      throw new WeightFormatException(
          Reason.TRUNCATED, "the storage '%s' is not in the archive".formatted(id.key()));
    }
    TorchStorage storage = new TorchStorage(id.type().dtype(), id.count(), file.size());
    if (storage.byteSize() != entry.size()) {
      throw new WeightFormatException(
          Reason.SIZE_MISMATCH,
          "the storage '%s' has %d bytes, but %d elements of %s take %d"
              .formatted(
                  id.key(), entry.size(), id.count(), id.type().dtype(), storage.byteSize()));
    }
    storage.locate(
        entry.stored()
            ? (from, length) -> file.slice(entry.offset() + from, length)
            : (from, length) -> archive.read(entry).slice((int) from, (int) length));
    return storage;
  }

  private static void checkByteOrder(ZipArchive archive, String root) {
    ZipArchive.Entry entry = archive.entries().get(root + "byteorder");
    if (entry != null) {
      String order = StandardCharsets.US_ASCII.decode(archive.head(entry, 16)).toString();
      if (!order.equals("little")) {
        throw bigEndian();
      }
    }
  }

  /** The object tree of a checkpoint in the legacy format. */
  static Object readLegacy(FileBytes file) {
    ByteBuffer in = file.slice(0, Math.min(file.size(), MAX_PICKLE));
    if (!(PickleMachine.read(in, TorchFiles::noStorage) instanceof BigInteger)) {
      throw bad("the file does not begin with the number that marks a legacy checkpoint");
    }
    Object version = PickleMachine.read(in, TorchFiles::noStorage);
    if (!version.equals(LEGACY_VERSION)) {
      throw bad("version %s of the legacy format; %d is read".formatted(version, LEGACY_VERSION));
    }
    if (!(PickleMachine.read(in, TorchFiles::noStorage) instanceof Map<?, ?> system)
        || !Boolean.TRUE.equals(system.get("little_endian"))) {
      throw bigEndian();
    }
    Map<String, TorchStorage> storages = new LinkedHashMap<>();
    Object tree = PickleMachine.read(in, id -> legacyStorage(id, storages, file.size()));
    PickleTree.check(tree);
    List<?> keys = PickleGlobals.list(PickleMachine.read(in, TorchFiles::noStorage));
    locateAll(keys, storages, file, in.position());
    return tree;
  }

  private static Object legacyStorage(
      List<?> id, Map<String, TorchStorage> storages, long fileSize) {
    StorageId parsed = StorageId.parse(id, 6);
    TorchStorage whole =
        storages.computeIfAbsent(
            parsed.key(), key -> new TorchStorage(parsed.type().dtype(), parsed.count(), fileSize));
    if (whole.dtype() != parsed.type().dtype() || whole.count() != parsed.count()) {
      throw bad("the storage '%s' is described in two ways".formatted(parsed.key()));
    }
    Object view = id.get(5);
    if (view == null) {
      return whole;
    }
    List<?> fields = PickleGlobals.list(view);
    if (fields.size() == 3
        && fields.get(1) instanceof Long offset
        && fields.get(2) instanceof Long size) {
      return whole.part(offset, size);
    }
    throw bad("a part of a storage is made of a key, an offset and a size");
  }

  /** The storages follow in the order of the keys, each a 64-bit count and its elements. */
  private static void locateAll(
      List<?> keys, Map<String, TorchStorage> storages, FileBytes file, long start) {
    Map<String, TorchStorage> missing = new LinkedHashMap<>(storages);
    long at = start;
    for (Object key : keys) {
      TorchStorage storage = missing.remove(String.valueOf(key));
      if (storage == null) {
        throw bad("the storage '%s' is listed twice or belongs to nothing".formatted(key));
      }
      long count = file.slice(at, Long.BYTES).getLong();
      if (count != storage.count()) {
        throw new WeightFormatException(
            Reason.SIZE_MISMATCH,
            "the storage '%s' has %d elements, not the %d it was announced with"
                .formatted(key, count, storage.count()));
      }
      long data = at + Long.BYTES;
      if (storage.byteSize() > file.size() - data) {
        throw new WeightFormatException(
            Reason.TRUNCATED,
            "the storage '%s' needs %d bytes at %d, but the file ends at %d"
                .formatted(key, storage.byteSize(), data, file.size()));
      }
      storage.locate((from, length) -> file.slice(data + from, length));
      at = data + storage.byteSize();
    }
    if (!missing.isEmpty()) {
      throw new WeightFormatException(
          Reason.TRUNCATED, "the storages %s are not in the file".formatted(missing.keySet()));
    }
    if (at != file.size()) {
      throw new WeightFormatException(
          Reason.TRAILING_BYTES, "%d bytes follow the last storage".formatted(file.size() - at));
    }
  }

  /**
   * What a checkpoint says of a storage: its type, its name in the file, its number of elements.
   */
  private record StorageId(StorageType type, String key, long count) {

    static StorageId parse(List<?> id, int fields) {
      if (id.size() == fields
          && "storage".equals(id.get(0))
          && id.get(1) instanceof StorageType type
          && id.get(2) instanceof String key
          && id.get(4) instanceof Long count) {
        return new StorageId(type, key, count);
      }
      throw bad("data outside the pickle are a storage with its type, key, place and size");
    }
  }

  private static ByteBuffer pickle(ByteBuffer bytes) {
    if (bytes.limit() > MAX_PICKLE) {
      throw bad("a pickle of %d bytes; at most %d are read".formatted(bytes.limit(), MAX_PICKLE));
    }
    return bytes;
  }

  private static boolean isPickle(String name) {
    return name.equals(PICKLE)
        || (name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/'));
  }

  private static Object noStorage(List<?> id) {
    throw bad("a storage is referred to where none can be");
  }

  private static WeightFormatException bigEndian() {
    return new WeightFormatException(
        Reason.UNKNOWN_TYPE,
        "the values were saved on a big-endian machine; save them again on a little-endian one");
  }

  private static WeightFormatException bad(String message) {
    return new WeightFormatException(Reason.BAD_PICKLE, message);
  }
}
