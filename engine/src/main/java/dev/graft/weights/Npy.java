package dev.graft.weights;

import dev.graft.tensor.DType;
import dev.graft.weights.WeightFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a NumPy array file: a magic string, a version, the length of a Python dictionary,
 * and that dictionary as text, padded with spaces to a line feed.
 *
 * <p>The dictionary is matched against the one form that NumPy writes, not evaluated. Object arrays
 * are refused: their content is a pickle.
 *
 * <p>Source: numpy.lib.format, versions 1.0 to 3.0.
 *
 * @param dtype element type
 * @param bigEndian whether the elements' bytes must be swapped
 * @param fortranOrder whether the first dimension varies fastest
 * @param shape sizes, outermost first
 * @param dataOffset where the values begin
 */
record Npy(DType dtype, boolean bigEndian, boolean fortranOrder, long[] shape, int dataOffset) {

  /** Bytes that tell how long the header is. */
  static final int PREFIX = 12;

  /** Enough for any header that NumPy itself would read. */
  private static final int MAX_HEADER = 1 << 16;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final Map<String, DType> TYPES =
      Map.of(
          "f8", DType.FLOAT64,
          "f4", DType.FLOAT32,
          "f2", DType.FLOAT16,
          "i8", DType.INT64,
          "i4", DType.INT32,
          "i2", DType.INT16,
          "i1", DType.INT8,
          "u1", DType.UINT8,
          "b1", DType.BOOL);

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': (?:'([^']{1,20})'|(\\[.*\\])), 'fortran_order': (True|False),"
              + " 'shape': \\(([0-9, ]*)\\),? ?\\} *\n?",
          Pattern.DOTALL);

  /** True if the bytes begin as a NumPy array file does. */
  static boolean recognises(FileBytes file) {
    return file.size() >= MAGIC.length
        && file.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  /**
   * Where the header ends and the values begin.
   *
   * @param head the first {@link #PREFIX} bytes of the file, or all of a shorter one, little-endian
   */
  static int headerEnd(ByteBuffer head) {
    if (head.limit() < PREFIX) {
      throw truncated();
    }
    if (!head.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw bad("the file does not begin as a NumPy array does");
    }
    int version = head.get(6);
    if (version < 1 || version > 3) {
      throw bad("version %d of the array format; 1 to 3 are read".formatted(version));
    }
    int start = version == 1 ? 10 : 12;
    long length = version == 1 ? head.getShort(8) & 0xFFFF : head.getInt(8) & 0xFFFFFFFFL;
    if (length > MAX_HEADER) {
      throw new WeightFormatException(
          Reason.HEADER_TOO_LARGE,
          "the header claims %d bytes; at most %d are read".formatted(length, MAX_HEADER));
    }
    return start + (int) length;
  }

  /**
   * Parses the header.
   *
   * @param head the first bytes of the file up to at least {@link #headerEnd}, little-endian
   */
  static Npy parse(ByteBuffer head) {
    int end = headerEnd(head);
    if (head.limit() < end) {
      throw truncated();
    }
    int start = head.get(6) == 1 ? 10 : 12;
    byte[] text = new byte[end - start];
    head.get(start, text);
    return parse(new String(text, StandardCharsets.ISO_8859_1), end);
  }

  private static Npy parse(String header, int dataOffset) {
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.matches()) {
      throw bad("the header is not NumPy's: " + header.strip());
    }
    if (matcher.group(2) != null) {
      throw new WeightFormatException(
          Reason.UNKNOWN_TYPE, "an array of records; save each of its fields as an array");
    }
    String descr = matcher.group(1);
    return new Npy(
        dtype(descr),
        descr.startsWith(">"),
        matcher.group(3).equals("True"),
        shape(matcher.group(4)),
        dataOffset);
  }

  private static DType dtype(String descr) {
    String kind = descr.substring(1);
    boolean ordered = descr.startsWith("<") || descr.startsWith(">");
    boolean oneByte = descr.startsWith("|") && kind.endsWith("1");
    DType dtype = ordered || oneByte ? TYPES.get(kind) : null;
    if (dtype == null) {
      throw new WeightFormatException(
          Reason.UNKNOWN_TYPE,
          "array type '%s'; read are %s".formatted(descr, new TreeSet<>(TYPES.keySet()))
              + (kind.equals("O") ? " (objects are pickles, which could run anything)" : ""));
    }
    return dtype;
  }

  private static long[] shape(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      return new long[0];
    }
    String[] parts = (trimmed.endsWith(",") ? trimmed : trimmed + ",").split(",", -1);
    parts = Arrays.copyOf(parts, parts.length - 1);
    if (parts.length > Shapes.MAX_RANK) {
      throw new WeightFormatException(
          Reason.BAD_SHAPE, "%d dimensions; at most %d".formatted(parts.length, Shapes.MAX_RANK));
    }
    long[] shape = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        shape[i] = Long.parseLong(parts[i].strip());
      } catch (NumberFormatException e) {
        throw new WeightFormatException(
            Reason.BAD_NUMBER, "shape (%s) is not one of plain integers".formatted(text), e);
      }
    }
    return shape;
  }

  /** Checks that the values fill the file to its end. */
  void checkSize(String name, long fileSize) {
    long needed = Shapes.byteSize(name, dtype, shape);
    long present = fileSize - dataOffset;
    if (needed != present) {
      throw new WeightFormatException(
          needed > present ? Reason.TRUNCATED : Reason.TRAILING_BYTES,
          "array '%s' takes %d bytes, but %d follow its header".formatted(name, needed, present));
    }
  }

  /** The values, row-major and little-endian, out of the bytes that follow the header. */
  ByteBuffer values(ByteBuffer data) {
    ByteBuffer swapped = bigEndian && dtype.bytes() > 1 ? swap(data) : data;
    return fortranOrder && shape.length > 1
        ? new Strided(dtype, shape, Strided.fortranStrides(shape), 0).gather(swapped)
        : swapped;
  }

  private ByteBuffer swap(ByteBuffer data) {
    ByteBuffer out = ByteBuffer.allocate(data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer in = data.duplicate().order(ByteOrder.BIG_ENDIAN);
    while (in.hasRemaining()) {
      switch (dtype.bytes()) {
        case 2 -> out.putShort(in.getShort());
        case 4 -> out.putInt(in.getInt());
        default -> out.putLong(in.getLong());
      }
    }
    return out.flip();
  }

  private static WeightFormatException bad(String message) {
    return new WeightFormatException(Reason.BAD_HEADER, message);
  }

  private static WeightFormatException truncated() {
    return new WeightFormatException(
        Reason.TRUNCATED, "the file ends inside its header; fetch it again");
  }
}
