package dev.graft.vision.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.CorruptExampleException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  private static final ImageDecoder DECODER = ImageDecoder.DEFAULT;

  @TempDir Path folder;

  private static byte[] write(BufferedImage buffered, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(buffered, format, out), format);
    return out.toByteArray();
  }

  private static BufferedImage painted(int type) {
    BufferedImage buffered = new BufferedImage(16, 12, type);
    for (int y = 0; y < 12; y++) {
      for (int x = 0; x < 16; x++) {
        buffered.setRGB(x, y, new Color(x * 15, y * 20, (x + y) * 9).getRGB());
      }
    }
    return buffered;
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void losslessFormatsGiveTheSameValues(String format) throws IOException {
    Image image = DECODER.decode(write(painted(BufferedImage.TYPE_3BYTE_BGR), format), "a");
    assertEquals("16 x 12 RGB", image.toString());
    assertEquals(5 * 15, image.at(5, 7, 0));
    assertEquals(7 * 20, image.at(5, 7, 1));
    assertEquals(12 * 9, image.at(5, 7, 2));
  }

  @Test
  void pngGoesBothWays() throws IOException {
    for (int channels : new int[] {1, 3}) {
      Image image = TestImages.noisy(21, 9, channels, 3);
      assertEquals(image, DECODER.decode(ImageEncoder.png(image), "a"));
    }
  }

  @Test
  void transparencyIsDroppedNotBlended() throws IOException {
    BufferedImage buffered = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    buffered.setRGB(0, 0, 0x00204060);
    buffered.setRGB(1, 0, 0x80FF0001);
    Image image = DECODER.decode(write(buffered, "png"), "a");
    assertEquals(new Image(2, 1, 3, HexFormat.of().parseHex("204060ff0001")), image);
  }

  @Test
  void aPaletteIsLookedUp() throws IOException {
    byte[] red = {(byte) 200, 10};
    byte[] other = {7, 20};
    IndexColorModel palette = new IndexColorModel(1, 2, red, other, other);
    WritableRaster raster = Raster.createPackedRaster(0, 3, 1, 1, 1, null);
    raster.setSample(1, 0, 0, 1);
    byte[] file = write(new BufferedImage(palette, raster, false, null), "png");
    assertEquals(
        new Image(3, 1, 3, HexFormat.of().parseHex("c807070a1414c80707")),
        DECODER.decode(file, "a"));
  }

  @Test
  void ofSixteenBitsTheUpperEightStay() throws IOException {
    BufferedImage buffered = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    buffered.getRaster().setSample(0, 0, 0, 0x12FF);
    buffered.getRaster().setSample(1, 0, 0, 0xFE00);
    Image image = DECODER.decode(write(buffered, "png"), "a");
    assertEquals(new Image(2, 1, 1, new byte[] {0x12, (byte) 0xFE}), image);
  }

  @Test
  void grayValuesAreNotConverted() throws IOException {
    BufferedImage buffered = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    buffered.getRaster().setSample(0, 0, 0, 100);
    Image image = DECODER.decode(write(buffered, "png"), "a");
    assertEquals(new Image(2, 1, 1, new byte[] {100, 0}), image);
  }

  @Test
  void ofAnAnimationTheFirstFrameIsRead() throws IOException {
    byte[] red = {(byte) 255, 0};
    byte[] green = {0, (byte) 255};
    IndexColorModel palette = new IndexColorModel(1, 2, red, green, new byte[2]);
    WritableRaster raster = Raster.createPackedRaster(0, 4, 4, 1, 1, null);
    byte[] file = write(new BufferedImage(palette, raster, false, null), "gif");
    assertEquals(Image.filled(4, 4, 255, 0, 0), DECODER.decode(file, "a"));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ImageDecoderTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"subsampled", "progressive", "gray", "cmyk", "rgb", "exif"})
  void jpegValuesArePillows(String name) throws IOException {
    Image expected = DECODER.decode(resource(name + ".png"), name);
    assertEquals(expected, DECODER.decode(resource(name + ".jpg"), name));
  }

  /** Where the pixel that is stored at (18, 2) of 19 x 13 belongs, by the EXIF specification. */
  @ParameterizedTest
  @CsvSource({
    "1, 18, 2, 19",
    "2, 0, 2, 19",
    "3, 0, 10, 19",
    "4, 18, 10, 19",
    "5, 2, 18, 13",
    "6, 10, 18, 13",
    "7, 10, 0, 13",
    "8, 2, 0, 13",
    "9, 18, 2, 19",
  })
  void photographsAreTurnedUpright(int orientation, int x, int y, int width) throws IOException {
    byte[] file = resource("exif.jpg");
    byte[] tag = HexFormat.of().parseHex("011200030000000100");
    int at = indexOf(file, tag) + tag.length;
    assertEquals(1, file[at]);
    file[at] = (byte) orientation;
    Image stored = new ImageDecoder(1000, 10000, false).decode(file, "stored");
    Image upright = DECODER.decode(file, "upright");
    assertEquals(width, upright.width());
    assertEquals(stored.at(18, 2, 0), upright.at(x, y, 0));
    assertEquals(DECODER.decode(resource("exif.png"), "expected"), stored);
  }

  private static int indexOf(byte[] file, byte[] part) {
    for (int i = 0; i + part.length <= file.length; i++) {
      if (Arrays.equals(file, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new IllegalArgumentException("not in the file");
  }

  @Test
  void damagedExifDataCountsAsUpright() throws IOException {
    byte[] file = resource("exif.jpg");
    byte[] tag = HexFormat.of().parseHex("0112000300000001");
    file[indexOf(file, tag) - 3] = 0x7F;
    assertEquals(19, DECODER.decode(file, "exif").width());
  }

  @Test
  void aJpegWithoutItsEndIsCorrupt() throws IOException {
    byte[] file = resource("subsampled.jpg");
    byte[] cut = Arrays.copyOf(file, file.length - 2);
    CorruptExampleException e =
        assertThrows(CorruptExampleException.class, () -> DECODER.decode(cut, "cut.jpg"));
    assertTrue(e.getMessage().contains("end marker"), e.getMessage());
  }

  @Test
  void whatIsNoImageIsNamedWithItsFirstBytes() throws IOException {
    Path file = folder.resolve("notes.jpg");
    Files.writeString(file, "hello");
    CorruptExampleException e =
        assertThrows(CorruptExampleException.class, () -> DECODER.decode(file));
    assertTrue(e.getMessage().contains("notes.jpg"), e.getMessage());
    assertTrue(e.getMessage().contains("68 65 6c 6c 6f"), e.getMessage());
    assertTrue(e.getMessage().contains("jpeg, png, gif, bmp"), e.getMessage());
    CorruptExampleException empty =
        assertThrows(CorruptExampleException.class, () -> DECODER.decode(new byte[0], "void"));
    assertTrue(empty.getMessage().contains("0 bytes"), empty.getMessage());
  }

  @Test
  void aMissingFileIsNotACorruptImage() {
    assertThrows(NoSuchFileException.class, () -> DECODER.decode(folder.resolve("none.png")));
  }

  @Test
  void aLargeImageIsRefusedBeforeItIsAllocated() throws IOException {
    // A PNG header that promises 60000 x 60000 pixels, 10 GB.
    byte[] bomb = ImageEncoder.png(Image.filled(1, 1, 0, 0, 0));
    bomb[18] = (byte) 0xEA;
    bomb[19] = 0x60;
    bomb[22] = (byte) 0xEA;
    bomb[23] = 0x60;
    CorruptExampleException e =
        assertThrows(CorruptExampleException.class, () -> DECODER.decode(bomb, "bomb.png"));
    assertTrue(e.getMessage().contains("60000 x 60000"), e.getMessage());
    assertTrue(e.getMessage().contains("bomb.png"), e.getMessage());
  }

  @Test
  void limitsAreSettings() throws IOException {
    byte[] png = ImageEncoder.png(Image.filled(10, 10, 1, 2, 3));
    assertEquals(10, new ImageDecoder(100, 1000, true).decode(png, "a").width());
    assertThrows(
        CorruptExampleException.class, () -> new ImageDecoder(99, 1000, true).decode(png, "a"));
    Path file = Files.write(folder.resolve("a.png"), png);
    CorruptExampleException e =
        assertThrows(
            CorruptExampleException.class, () -> new ImageDecoder(100, 20, true).decode(file));
    assertTrue(e.getMessage().contains("limit of 20"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new ImageDecoder(0, 1, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "gif", "bmp"})
  void aCutOffFileIsCorrupt(String format) throws IOException {
    byte[] file = write(painted(BufferedImage.TYPE_3BYTE_BGR), format);
    for (int length : new int[] {3, 10, 30, file.length / 2, file.length - 40}) {
      byte[] part = Arrays.copyOf(file, length);
      CorruptExampleException e =
          assertThrows(
              CorruptExampleException.class,
              () -> DECODER.decode(part, "part"),
              () -> format + " cut at " + length);
      assertTrue(e.getMessage().contains("part"), e.getMessage());
    }
  }

  /** A damaged file gives an image or the one exception, never anything else. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "gif", "bmp"})
  void damageNeverEscapes(String format) throws IOException {
    byte[] file = write(painted(BufferedImage.TYPE_3BYTE_BGR), format);
    ImageDecoder small = new ImageDecoder(1 << 16, 1 << 20, true);
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] damaged = file.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertTrue(small.decode(damaged, "damaged").width() > 0);
      } catch (CorruptExampleException e) {
        assertEquals("damaged", e.id());
        refused++;
      }
    }
    assertTrue(refused > 20, refused + " of 500 refused");
  }
}
