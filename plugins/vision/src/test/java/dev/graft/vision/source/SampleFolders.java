package dev.graft.vision.source;

import dev.graft.vision.image.Image;
import dev.graft.vision.image.ImageEncoder;
import dev.graft.vision.image.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes small data sets of the forms that the sources read. */
public final class SampleFolders {

  private SampleFolders() {}

  /** Two images per class, named 0.png and 1.png. */
  public static Path classes(Path root, String part, String... classes) throws IOException {
    for (String name : classes) {
      Path folder = Files.createDirectories(root.resolve(part).resolve(name));
      for (int i = 0; i < 2; i++) {
        image(folder.resolve(i + ".png"), name.hashCode() + i);
      }
    }
    return root;
  }

  static Image image(Path file, long seed) throws IOException {
    Image image = TestImages.noisy(9, 7, 3, seed);
    Files.createDirectories(file.getParent());
    Files.write(file, ImageEncoder.png(image));
    return image;
  }

  /** Four images a.png … d.png and labels.csv. */
  public static Path table(Path root) throws IOException {
    for (String name : new String[] {"a", "b", "c", "d"}) {
      image(root.resolve(name + ".png"), name.charAt(0));
    }
    Files.writeString(
        root.resolve("labels.csv"), "file,label\na.png,cat\nb.png,dog\nc.png,dog\nd.png,cat\n");
    return root;
  }

  /** Five grey images of 3 x 2 with labels 0, 1, 2, 1, 0, gzipped. */
  public static Path idx(Path root, String prefix) throws IOException {
    byte[] pixels = new byte[5 * 3 * 2];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 8);
    }
    idx(root.resolve(prefix + "-images-idx3-ubyte.gz"), new int[] {5, 2, 3}, pixels);
    idx(root.resolve(prefix + "-labels-idx1-ubyte.gz"), new int[] {5}, new byte[] {0, 1, 2, 1, 0});
    return root;
  }

  static Path idx(Path file, int[] shape, byte[] values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x0800 | shape.length);
    for (int size : shape) {
      out.writeInt(size);
    }
    out.write(values);
    try (OutputStream stream = Files.newOutputStream(file);
        OutputStream zipped =
            file.toString().endsWith(".gz") ? new GZIPOutputStream(stream) : stream) {
      zipped.write(bytes.toByteArray());
    }
    return file;
  }

  /** Arrays of a NumPy archive, by name. */
  static Path npz(Path file, Map<String, byte[]> arrays) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> array : new TreeMap<>(arrays).entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  /** A NumPy array of bytes. */
  static byte[] npy(String type, String shape, int... values) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    int padding = 64 - (10 + header.length() + 1) % 64;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    int length = header.length() + padding + 1;
    out.write(length);
    out.write(length >> 8);
    out.writeBytes((header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII));
    for (int value : values) {
      out.write(value);
    }
    return out.toByteArray();
  }

  /** Four grey images of 2 x 1 to train on and one to test on. */
  public static Path npz(Path folder) throws IOException {
    return npz(
        folder.resolve("data.npz"),
        Map.of(
            "train_images", npy("|u1", "4, 1, 2", 1, 2, 3, 4, 5, 6, 7, 8),
            "train_labels", npy("|u1", "4, 1", 0, 1, 1, 0),
            "test_images", npy("|u1", "1, 1, 2", 9, 10),
            "test_labels", npy("|u1", "1, 1", 1)));
  }
}
