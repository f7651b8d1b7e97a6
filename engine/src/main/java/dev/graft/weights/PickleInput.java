package dev.graft.weights;

import dev.graft.weights.WeightFormatException.Reason;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a pickle as its instructions take them: numbers, texts and lines. Nothing is
 * allocated for a length before so many bytes are known to be there.
 */
final class PickleInput {

  /** Longest integer, in bytes; the magic number of a legacy checkpoint takes 10. */
  private static final int MAX_INTEGER = 64;

  private final ByteBuffer in;

  /** Takes bytes from the buffer's position on, and moves it. */
  PickleInput(ByteBuffer in) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return in.position();
  }

  /** Makes sure that so many bytes are left. */
  void need(long length) {
    if (length < 0 || length > in.remaining()) {
      throw new WeightFormatException(
          Reason.TRUNCATED,
          "the pickle needs %s more bytes, but %d are left; fetch the file again"
              .formatted(Long.toUnsignedString(length), in.remaining()));
    }
  }

  /** An unsigned little-endian number of 1, 2 or 4 bytes. */
  long unsigned(int width) {
    need(width);
    return switch (width) {
      case 1 -> in.get() & 0xFF;
      case 2 -> in.getShort() & 0xFFFF;
      default -> in.getInt() & 0xFFFFFFFFL;
    };
  }

  /** Eight bytes; as an unsigned length beyond 2^63 it is negative, and refused as such. */
  long wide() {
    need(Long.BYTES);
    return in.getLong();
  }

  byte[] bytes(long length) {
    need(length);
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  String text(long length) {
    need(length);
    ByteBuffer part = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
    } catch (CharacterCodingException e) {
      throw new WeightFormatException(Reason.NOT_UTF8, "a text in the pickle is not UTF-8", e);
    }
  }

  String line() {
    int start = in.position();
    for (int at = start; at < in.limit(); at++) {
      if (in.get(at) == '\n') {
        String line = text(at - start);
        in.position(at + 1);
        return line;
      }
    }
    throw new WeightFormatException(Reason.TRUNCATED, "the pickle ends inside a name");
  }

  /** A little-endian integer in two's complement; a {@link Long} where it fits. */
  Object integer(long length) {
    if (length > MAX_INTEGER) {
      throw bad("an integer of %d bytes; at most %d are read".formatted(length, MAX_INTEGER));
    }
    byte[] bytes = bytes(length);
    if (bytes.length == 0) {
      return 0L;
    }
    for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
      byte swap = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swap;
    }
    BigInteger value = new BigInteger(bytes);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private static WeightFormatException bad(String message) {
    return new WeightFormatException(Reason.BAD_PICKLE, message);
  }
}
