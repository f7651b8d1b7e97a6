package dev.graft.vision.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What the markers of a JPEG file say before the first pixel.
 *
 * @param width pixels per row
 * @param height rows
 * @param componentIds one id per component
 * @param jfif true if the JFIF marker is there: components are grey or YCbCr
 * @param adobeTransform colour transform of the Adobe marker (0 none, 1 YCbCr, 2 YCCK), or -1
 * @param orientation EXIF orientation, 1 … 8; 1 where there is none
 */
record JpegHeader(
    int width, int height, int[] componentIds, boolean jfif, int adobeTransform, int orientation) {

  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int ORIENTATION_TAG = 0x0112;

  static JpegHeader parse(byte[] file) throws IOException {
    int width = -1;
    int height = -1;
    int[] ids = {};
    boolean jfif = false;
    int adobe = -1;
    int orientation = 1;
    int at = 2;
    while (true) {
      at = nextMarker(file, at);
      int marker = file[at - 1] & 0xFF;
      if (marker == END_OF_IMAGE) {
        throw new IOException("JPEG without pixels");
      }
      if (standsAlone(marker)) {
        continue;
      }
      ByteBuffer segment = segment(file, at);
      at += 2 + segment.remaining();
      if (isFrame(marker) && width < 0) {
        if (segment.remaining() < 6 || segment.remaining() < 6 + 3 * (segment.get(5) & 0xFF)) {
          throw new IOException("JPEG with a cut-off frame header");
        }
        height = segment.getShort(1) & 0xFFFF;
        width = segment.getShort(3) & 0xFFFF;
        ids = new int[segment.get(5) & 0xFF];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = segment.get(6 + 3 * i) & 0xFF;
        }
      } else if (marker == 0xE0 && segment.remaining() >= 14 && begins(segment, "JFIF\0")) {
        jfif = true;
      } else if (marker == 0xEE && segment.remaining() >= 12 && begins(segment, "Adobe")) {
        adobe = segment.get(11) & 0xFF;
      } else if (marker == 0xE1 && begins(segment, "Exif\0\0")) {
        orientation = orientation(segment.slice(6, segment.remaining() - 6));
      } else if (marker == START_OF_SCAN) {
        if (width < 0) {
          throw new IOException("JPEG without frame header");
        }
        requireEnd(file, at);
        return new JpegHeader(width, height, ids, jfif, adobe, orientation);
      }
    }
  }

  /** The position after the next marker's code; bytes that belong to none are skipped. */
  private static int nextMarker(byte[] file, int from) throws IOException {
    for (int i = from; i + 1 < file.length; i++) {
      int code = file[i + 1] & 0xFF;
      if (file[i] == (byte) 0xFF && code != 0 && code != 0xFF) {
        return i + 2;
      }
    }
    throw new IOException("JPEG cut off in its header");
  }

  private static boolean standsAlone(int marker) {
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
  }

  private static boolean isFrame(int marker) {
    boolean table = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
    return marker >= 0xC0 && marker <= 0xCF && !table;
  }

  private static ByteBuffer segment(byte[] file, int at) throws IOException {
    int length = at + 2 > file.length ? 0 : ((file[at] & 0xFF) << 8) | (file[at + 1] & 0xFF);
    if (length < 2 || at + length > file.length) {
      throw new IOException("JPEG cut off in its header");
    }
    return ByteBuffer.wrap(file, at + 2, length - 2).slice();
  }

  private static boolean begins(ByteBuffer segment, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return segment.remaining() >= bytes.length
        && segment.slice(0, bytes.length).equals(ByteBuffer.wrap(bytes));
  }

  /** The reader fills a cut-off file with grey; an end marker must follow the first scan. */
  private static void requireEnd(byte[] file, int scan) throws IOException {
    for (int i = file.length - 2; i >= scan; i--) {
      if (file[i] == (byte) 0xFF && file[i + 1] == (byte) END_OF_IMAGE) {
        return;
      }
    }
    throw new IOException("JPEG cut off: its end marker is missing");
  }

  /** Damaged EXIF data is no reason to refuse an image: it counts as upright. */
  private static int orientation(ByteBuffer tiff) {
    if (tiff.remaining() < 8) {
      return 1;
    }
    tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = tiff.getInt(4) & 0xFFFFFFFFL;
    if (directory + 2 > tiff.limit()) {
      return 1;
    }
    int entries = tiff.getShort((int) directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > tiff.limit()) {
        return 1;
      }
      if ((tiff.getShort((int) entry) & 0xFFFF) == ORIENTATION_TAG) {
        int value = tiff.getShort((int) entry + 8);
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }
}
