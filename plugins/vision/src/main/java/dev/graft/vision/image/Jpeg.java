package dev.graft.vision.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * JPEG files: the reader delivers the stored components, the colours are computed here with
 * libjpeg's integer formulas, so that the values are those of every program that uses libjpeg, and
 * no colour profile gets in between.
 *
 * <p>The Java runtime's own reader is asked first, being the fastest; what it refuses goes to the
 * more tolerant one of TwelveMonkeys.
 */
final class Jpeg {

  private static final int POINT = 16;
  private static final int HALF = 1 << (POINT - 1);

  private Jpeg() {}

  static Image decode(byte[] file, ImageDecoder limits) throws IOException {
    JpegHeader header = JpegHeader.parse(file);
    limits.check(header.width(), header.height());
    byte[] components = components(file, header);
    Image image = toImage(components, header);
    return limits.upright() ? upright(image, header.orientation()) : image;
  }

  private static byte[] components(byte[] file, JpegHeader header) throws IOException {
    IOException refusal = new IOException("this Java runtime has no reader for jpeg");
    for (ImageReaderSpi provider : readers()) {
      ImageReader reader = provider.createReaderInstance();
      try (ImageInputStream stream = ImageDecoder.stream(file)) {
        reader.setInput(stream, /* seekForwardOnly= */ true, /* ignoreMetadata= */ true);
        return bytes(reader.readRaster(0, null), header);
      } catch (IOException | RuntimeException e) {
        refusal = new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
      } finally {
        reader.dispose();
      }
    }
    throw refusal;
  }

  /** The runtime's own readers first, then those of libraries. */
  private static List<ImageReaderSpi> readers() {
    List<ImageReaderSpi> own = new ArrayList<>();
    List<ImageReaderSpi> others = new ArrayList<>();
    IIORegistry.getDefaultInstance()
        .getServiceProviders(ImageReaderSpi.class, /* useOrdering= */ true)
        .forEachRemaining(
            provider -> {
              if (Arrays.asList(provider.getFormatNames()).contains("jpeg")) {
                boolean isOwn = provider.getClass().getModule() == IIORegistry.class.getModule();
                (isOwn ? own : others).add(provider);
              }
            });
    own.addAll(others);
    return own;
  }

  private static byte[] bytes(Raster raster, JpegHeader header) throws IOException {
    int bands = header.componentIds().length;
    if (raster.getWidth() != header.width()
        || raster.getHeight() != header.height()
        || raster.getNumBands() != bands
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || buffer.getNumBanks() != 1
        || buffer.getSize() != header.width() * header.height() * bands) {
      throw new IOException(
          "a header of %d x %d with %d components, but pixels of %d x %d with %d"
              .formatted(
                  header.width(),
                  header.height(),
                  bands,
                  raster.getWidth(),
                  raster.getHeight(),
                  raster.getNumBands()));
    }
    return buffer.getData();
  }

  private static Image toImage(byte[] data, JpegHeader header) throws IOException {
    int[] ids = header.componentIds();
    switch (ids.length) {
      case 1 -> {
        return new Image(header.width(), header.height(), 1, data);
      }
      case 3 -> {
        if (isYcc(header)) {
          yccToRgb(data, 3);
        }
        return new Image(header.width(), header.height(), 3, data);
      }
      case 4 -> {
        boolean ycck = header.adobeTransform() > 0;
        if (ycck) {
          yccToRgb(data, 4);
        }
        return new Image(header.width(), header.height(), 3, cmykToRgb(data, ycck));
      }
      default ->
          throw new IOException(
              "%d components per pixel; 1, 3 and 4 are read".formatted(ids.length));
    }
  }

  /** libjpeg's rule, from the markers and, failing these, from the component ids. */
  private static boolean isYcc(JpegHeader header) {
    if (header.jfif()) {
      return true;
    }
    if (header.adobeTransform() >= 0) {
      return header.adobeTransform() != 0;
    }
    int[] ids = header.componentIds();
    return !(ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B');
  }

  /** In place, the first three of every {@code step} bytes; ITU-R 601 in 16-bit fixed point. */
  private static void yccToRgb(byte[] data, int step) {
    for (int i = 0; i < data.length; i += step) {
      int y = data[i] & 0xFF;
      int cb = (data[i + 1] & 0xFF) - 128;
      int cr = (data[i + 2] & 0xFF) - 128;
      data[i] = clip(y + ((91881 * cr + HALF) >> POINT));
      data[i + 1] = clip(y + ((-22554 * cb - 46802 * cr + HALF) >> POINT));
      data[i + 2] = clip(y + ((116130 * cb + HALF) >> POINT));
    }
  }

  /**
   * Files hold CMYK inverted, as Adobe's programs write it. From YCCK the first three bytes are the
   * inverse of the inverse already.
   */
  private static byte[] cmykToRgb(byte[] data, boolean ycck) {
    byte[] rgb = new byte[data.length / 4 * 3];
    for (int i = 0, o = 0; i < data.length; i += 4, o += 3) {
      int light = data[i + 3] & 0xFF;
      for (int c = 0; c < 3; c++) {
        int stored = data[i + c] & 0xFF;
        int ink = ycck ? stored : 255 - stored;
        rgb[o + c] = clip(light - divideBy255(ink * light));
      }
    }
    return rgb;
  }

  private static int divideBy255(int product) {
    int t = product + 128;
    return ((t >> 8) + t) >> 8;
  }

  private static byte clip(int value) {
    return (byte) Math.min(Math.max(value, 0), 255);
  }

  /** Undoes how the camera was held: mirrored for the even values up to 4, transposed from 5 on. */
  private static Image upright(Image image, int orientation) {
    return switch (orientation) {
      case 2 -> Geometry.flipHorizontally(image);
      case 3 -> Geometry.flipVertically(Geometry.flipHorizontally(image));
      case 4 -> Geometry.flipVertically(image);
      case 5 -> Geometry.transpose(image);
      case 6 -> Geometry.flipHorizontally(Geometry.transpose(image));
      case 7 -> Geometry.flipVertically(Geometry.flipHorizontally(Geometry.transpose(image)));
      case 8 -> Geometry.flipVertically(Geometry.transpose(image));
      default -> image;
    };
  }
}
