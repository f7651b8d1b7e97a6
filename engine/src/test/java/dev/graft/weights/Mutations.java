package dev.graft.weights;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes one part of a file by one to three small steps and builds the file around it. */
record Mutations(byte[] part, boolean compressed, Wrapping wrapping) {

  /** A function that makes a whole file of a changed part of it. */
  @FunctionalInterface
  interface Wrapping {
    byte[] wrap(byte[] part);
  }

  /** Texts that mean something to one of the formats. */
  private static final List<byte[]> WORDS =
      texts(
          "\"dtype\"",
          "\"F32\"",
          "\"I64\"",
          "\"shape\"",
          "\"data_offsets\"",
          "[",
          "]",
          "{",
          "}",
          ",",
          ":",
          "0",
          "-1",
          "1e3",
          "1.0",
          "4",
          "8",
          "18446744073709551615",
          "9223372036854775807",
          "4294967296",
          "\"__metadata__\"",
          "null",
          "\\u0000",
          "\"",
          " ",
          "'<f4'",
          "'>f8'",
          "'|O'",
          "True",
          "False",
          "(2, 3)",
          "()",
          "(4294967296,)",
          "ctorch._utils\n_rebuild_tensor_v2\n",
          "ctorch\nFloatStorage\n",
          "ctorch\nDoubleStorage\n",
          "ccollections\nOrderedDict\n",
          "cos\nsystem\n",
          "ctorch\nSize\n",
          ")R",
          "(t",
          "](e",
          "}(u",
          "h\u0000",
          "q\u0000",
          "\u0085",
          "\u0086",
          "N",
          "Q",
          "R",
          ".",
          "PK\u0003\u0004",
          "PK\u0001\u0002",
          "PK\u0005\u0006");

  /** Numbers at which arithmetic goes wrong. */
  private static final long[] EDGES = {
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    16,
    127,
    128,
    255,
    256,
    32767,
    65535,
    65536,
    1 << 20,
    1 << 24,
    Integer.MAX_VALUE - 1,
    Integer.MAX_VALUE,
    1L << 31,
    0xFFFFFFFEL,
    0xFFFFFFFFL,
    1L << 32,
    1L << 62,
    Long.MAX_VALUE - 7,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -8,
    -2,
    -1
  };

  byte[] next(Random random) {
    byte[] bytes = part;
    int steps = 1 + random.nextInt(3);
    for (int i = 0; i < steps; i++) {
      bytes = step(bytes, random);
    }
    return wrapping.wrap(bytes);
  }

  private static byte[] step(byte[] bytes, Random random) {
    int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(24));
    byte[] word = WORDS.get(random.nextInt(WORDS.size()));
    return switch (random.nextInt(16)) {
      case 0 -> replace(bytes, at, Math.min(1, length), new byte[] {(byte) random.nextInt(256)});
      case 1 -> replace(bytes, at, 0, word);
      case 2 -> replace(bytes, at, Math.min(word.length, length), word);
      case 3 -> replace(bytes, at, length, new byte[0]);
      case 4 -> replace(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
      case 5 -> flip(bytes, at, random);
      case 6 -> random.nextBoolean() ? bytes : Arrays.copyOf(bytes, at);
      case 7 -> random.nextBoolean() ? bytes : Arrays.copyOf(bytes, bytes.length + length);
      case 8, 9, 10, 11, 12 -> digit(bytes, at, random);
      default -> number(bytes, at, random);
    };
  }

  private static byte[] flip(byte[] bytes, int at, Random random) {
    byte[] result = bytes.clone();
    if (result.length > 0) {
      result[at] ^= (byte) (1 << random.nextInt(8));
    }
    return result;
  }

  /** Changes the nearest number in text behind {@code at}: one digit of it, or all of it. */
  private static byte[] digit(byte[] bytes, int at, Random random) {
    int from = at;
    while (from < bytes.length && !isDigit(bytes[from])) {
      from++;
    }
    int to = from;
    while (to < bytes.length && isDigit(bytes[to])) {
      to++;
    }
    if (from == to) {
      return bytes;
    }
    long edge = EDGES[random.nextInt(EDGES.length)];
    String text = random.nextInt(4) == 0 ? Long.toUnsignedString(edge) : Long.toString(edge);
    return random.nextInt(3) == 0
        ? replace(bytes, from, to - from, text.getBytes(StandardCharsets.ISO_8859_1))
        : replace(bytes, from, 1, new byte[] {(byte) ('0' + random.nextInt(10))});
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Puts a number of 1, 2, 4 or 8 bytes, mostly little-endian, over what is there. */
  private static byte[] number(byte[] bytes, int at, Random random) {
    int width = 1 << random.nextInt(4);
    long value = EDGES[random.nextInt(EDGES.length)];
    byte[] field = new byte[width];
    for (int i = 0; i < width; i++) {
      field[i] = (byte) (value >>> (8 * i));
    }
    return replace(bytes, at, Math.min(width, bytes.length - at), field);
  }

  private static byte[] replace(byte[] bytes, int at, int removed, byte[] inserted) {
    byte[] result = new byte[bytes.length - removed + inserted.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    System.arraycopy(
        bytes, at + removed, result, at + inserted.length, bytes.length - at - removed);
    return result;
  }

  private static List<byte[]> texts(String... texts) {
    List<byte[]> words = new ArrayList<>();
    for (String text : texts) {
      words.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return words;
  }
}
