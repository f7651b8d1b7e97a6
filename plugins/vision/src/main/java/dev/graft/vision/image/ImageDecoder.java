package dev.graft.vision.image;

import dev.graft.data.CorruptExampleException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads JPEG, PNG, GIF and BMP files into {@link Image}s; any thread, no state.
 *
 * <p>What a file may hold beyond grey and RGB becomes one of the two, by Pillow's {@code
 * convert("RGB")} where that is defined: a palette is looked up; transparency is dropped, not
 * blended; of 16-bit values the upper 8 bits stay; CMYK becomes RGB without colour profile;
 * embedded profiles and gamma are ignored; of an animation the first frame is read.
 *
 * <p>The size is taken from the header and compared with the limits before any pixel is allocated.
 *
 * @param maxPixels largest width times height that is read
 * @param maxBytes largest file that is read
 * @param upright true to turn a photograph as its EXIF orientation says, so that the network sees
 *     what a person sees; false to take it as stored, which is what Pillow does
 */
public record ImageDecoder(long maxPixels, long maxBytes, boolean upright) {

  /** 64 megapixels, 256 MiB, upright. */
  public static final ImageDecoder DEFAULT = new ImageDecoder(1L << 26, 1L << 28, true);

  private static final List<String> FORMATS = List.of("jpeg", "png", "gif", "bmp");

  public ImageDecoder {
    if (maxPixels < 1 || maxPixels > Integer.MAX_VALUE / 3 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "limits of %d pixels and %d bytes; both are at least 1, pixels at most %d"
              .formatted(maxPixels, maxBytes, Integer.MAX_VALUE / 3));
    }
  }

  /**
   * Reads a file.
   *
   * @throws CorruptExampleException if it is no readable image; the message names the file
   * @throws IOException if the file itself cannot be read
   */
  public Image decode(Path file) throws IOException {
    return decode(file, file.toString());
  }

  /**
   * Reads a file under another name.
   *
   * @param name for error messages
   * @throws CorruptExampleException if it is no readable image
   * @throws IOException if the file itself cannot be read
   */
  public Image decode(Path file, String name) throws IOException {
    long size = Files.size(file);
    if (size > maxBytes) {
      throw new CorruptExampleException(
          name,
          "%d bytes, more than the limit of %d; raise it or shrink the file"
              .formatted(size, maxBytes),
          null);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return decode(in.readNBytes((int) Math.min(maxBytes, Integer.MAX_VALUE - 8)), name);
    }
  }

  /**
   * Reads the bytes of a file.
   *
   * @param source name for error messages
   * @throws CorruptExampleException if they are no readable image
   */
  public Image decode(byte[] file, String source) throws CorruptExampleException {
    try {
      String format = format(file);
      return format.equals("jpeg") ? Jpeg.decode(file, this) : decodeByReader(file, format);
    } catch (IOException | RuntimeException e) {
      // The readers answer damaged files with exceptions of many kinds.
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new CorruptExampleException(source, reason, e);
    }
  }

  private static String format(byte[] file) throws IOException {
    if (startsWith(file, 0xFF, 0xD8, 0xFF)) {
      return "jpeg";
    }
    if (startsWith(file, 0x89, 'P', 'N', 'G')) {
      return "png";
    }
    if (startsWith(file, 'G', 'I', 'F', '8')) {
      return "gif";
    }
    if (startsWith(file, 'B', 'M')) {
      return "bmp";
    }
    String start = HexFormat.ofDelimiter(" ").formatHex(file, 0, Math.min(file.length, 8));
    throw new IOException(
        "no known image format (%d bytes, the first are '%s'); %s files are read"
            .formatted(file.length, start, String.join(", ", FORMATS)));
  }

  private static boolean startsWith(byte[] file, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= file.length || (file[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private Image decodeByReader(byte[] file, String format) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IOException("this Java runtime has no reader for " + format);
    }
    ImageReader reader = readers.next();
    try (ImageInputStream stream = stream(file)) {
      reader.setInput(stream, /* seekForwardOnly= */ true, /* ignoreMetadata= */ true);
      check(reader.getWidth(0), reader.getHeight(0));
      return Pixels.of(reader.read(0));
    } finally {
      reader.dispose();
    }
  }

  /** Refuses an image above the limit, before it is allocated. */
  void check(long width, long height) throws IOException {
    if (width < 1 || height < 1) {
      throw new IOException("empty image of %d x %d".formatted(width, height));
    }
    if (width * height > maxPixels) {
      throw new IOException(
          "%d x %d pixels, more than the limit of %d; raise it or shrink the image"
              .formatted(width, height, maxPixels));
    }
  }

  /** The file as a stream that never touches the disk. */
  static ImageInputStream stream(byte[] file) {
    return new MemoryCacheImageInputStream(new ByteArrayInputStream(file));
  }
}
