package dev.graft.weights;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads NumPy files: one array ({@code .npy}) or a zip file of arrays ({@code .npz}). */
final class NumpyFiles {

  private static final String SUFFIX = ".npy";

  private NumpyFiles() {}

  /** One array; its name is the file's without {@code .npy}. */
  static Weights readArray(FileBytes file, String fileName) {
    String name = baseName(fileName);
    int headerEnd = Npy.headerEnd(file.slice(0, Math.min(Npy.PREFIX, file.size())));
    Npy header = Npy.parse(file.slice(0, Math.min(headerEnd, file.size())));
    header.checkSize(name, file.size());
    int offset = header.dataOffset();
    StoredTensor tensor =
        new StoredTensor(
            header.dtype(),
            header.shape(),
            () -> header.values(file.slice(offset, file.size() - offset)));
    return new Weights(Map.of(name, tensor), Map.of());
  }

  /** True if every entry is named as an array. */
  static boolean recognises(ZipArchive archive) {
    return archive.entries().keySet().stream().allMatch(name -> name.endsWith(SUFFIX));
  }

  /**
   * The arrays of a zip file in its order. Compressed arrays are unpacked when they are asked for;
   * here only their headers are.
   */
  static Weights readArchive(ZipArchive archive) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    archive
        .entries()
        .forEach(
            (path, entry) -> {
              String name = baseName(path);
              try {
                tensors.put(name, tensor(archive, entry, name));
              } catch (WeightFormatException e) {
                throw e.in("array '" + name + "'");
              }
            });
    return new Weights(tensors, Map.of());
  }

  private static StoredTensor tensor(ZipArchive archive, ZipArchive.Entry entry, String name) {
    // In two steps, so that many small entries do not each unpack the longest header there could
    // be.
    Npy header = Npy.parse(archive.head(entry, Npy.headerEnd(archive.head(entry, Npy.PREFIX))));
    header.checkSize(name, entry.size());
    return new StoredTensor(
        header.dtype(),
        header.shape(),
        () -> {
          ByteBuffer bytes = archive.read(entry);
          int offset = header.dataOffset();
          return header.values(bytes.slice(offset, bytes.limit() - offset));
        });
  }

  private static String baseName(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
