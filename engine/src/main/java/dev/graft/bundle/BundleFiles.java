package dev.graft.bundle;

import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Digests;
import dev.graft.weights.ArchiveFiles;
import dev.graft.weights.WeightFormatException;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The files of a bundle, by plain names: in a folder, or in a zip. */
interface BundleFiles {

  /** Most bytes that a manifest or a report may have. */
  int MOST_TEXT = 256 << 20;

  /** True if there is a file of that name. */
  boolean has(String name);

  /** All bytes of a file. */
  byte[] read(String name) throws IOException;

  /** SHA-256 of a file in hexadecimal digits. */
  String digest(String name) throws IOException;

  /** The weights in a file. */
  Weights weights(String name) throws IOException;

  /** The files of a folder or of a zip. */
  static BundleFiles of(Path path) throws IOException {
    return Files.isRegularFile(path) ? InZip.open(path) : new InFolder(path);
  }

  /**
   * Writes files of a folder into a zip, uncompressed, so that they can be mapped where they lie.
   */
  static void zip(Path folder, List<String> names, Path target) throws IOException {
    AtomicFiles.write(
        target,
        temporary -> {
          try (OutputStream out = Files.newOutputStream(temporary);
              ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : names) {
              zip.putNextEntry(stored(folder.resolve(name), name));
              Files.copy(folder.resolve(name), zip);
              zip.closeEntry();
            }
          }
        });
  }

  private static ZipEntry stored(Path file, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    // A fixed time, so that the same bundle gives the same bytes.
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    entry.setSize(Files.size(file));
    CRC32 crc = new CRC32();
    byte[] piece = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        crc.update(piece, 0, n);
      }
    }
    entry.setCrc(crc.getValue());
    return entry;
  }

  /** In a folder. */
  record InFolder(Path folder) implements BundleFiles {

    @Override
    public boolean has(String name) {
      return Files.isRegularFile(folder.resolve(name));
    }

    @Override
    public byte[] read(String name) throws IOException {
      return Files.readAllBytes(folder.resolve(name));
    }

    @Override
    public String digest(String name) throws IOException {
      return Digests.sha256(folder.resolve(name));
    }

    @Override
    public Weights weights(String name) throws IOException {
      return Weights.open(folder.resolve(name));
    }
  }

  /**
   * In a zip, at its root or in the one folder in it.
   *
   * @param prefix of the names, empty or ending with a slash
   */
  record InZip(ArchiveFiles archive, String prefix) implements BundleFiles {

    static InZip open(Path zip) throws IOException {
      try {
        ArchiveFiles archive = ArchiveFiles.open(zip);
        String first = archive.names().stream().findFirst().orElse("");
        String prefix =
            archive.names().contains(Bundle.MANIFEST)
                ? ""
                : first.substring(0, first.indexOf('/') + 1);
        return new InZip(archive, prefix);
      } catch (WeightFormatException e) {
        throw new BundleException("'%s' is no bundle: %s".formatted(zip, e.getMessage()), e);
      }
    }

    @Override
    public boolean has(String name) {
      return archive.names().contains(prefix + name);
    }

    @Override
    public byte[] read(String name) throws IOException {
      try {
        return archive.read(prefix + name, MOST_TEXT);
      } catch (WeightFormatException e) {
        throw new BundleException(e.getMessage(), e);
      }
    }

    @Override
    public String digest(String name) throws IOException {
      MessageDigest digest = Digests.sha256();
      try {
        archive.digest(prefix + name, digest);
      } catch (WeightFormatException e) {
        throw new BundleException(e.getMessage(), e);
      }
      return Digests.hex(digest.digest());
    }

    @Override
    public Weights weights(String name) {
      return archive.weights(prefix + name);
    }
  }
}
