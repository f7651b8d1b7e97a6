package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.WeightFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyFilesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyVersionOfTheFormat(int version) {
    assertArrayEquals(
        new float[] {1, 2, 3},
        array(npy(version, header("<f4", "False", "(3,)"), floats(1, 2, 3))));
  }

  @Test
  void fortranOrderIsTurned() {
    byte[] file = npy(1, header("<f4", "True", "(2, 3)"), floats(1, 4, 2, 5, 3, 6));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, array(file));
    byte[] three = npy(1, header("<f4", "True", "(2, 1, 2)"), floats(1, 3, 2, 4));
    assertArrayEquals(new float[] {1, 2, 3, 4}, array(three));
  }

  @Test
  void bigEndianValuesAreSwapped() {
    byte[] two = {0, 1, 1, 0};
    assertArrayEquals(new float[] {1, 256}, array(npy(1, header(">i2", "False", "(2,)"), two)));
    byte[] four = ByteBuffer.allocate(4).putFloat(1.5f).array();
    assertArrayEquals(new float[] {1.5f}, array(npy(1, header(">f4", "False", "(1,)"), four)));
    byte[] eight = ByteBuffer.allocate(16).putDouble(1).putDouble(-2).array();
    assertArrayEquals(new float[] {1, -2}, array(npy(1, header(">f8", "True", "(2, 1)"), eight)));
  }

  @Test
  void aScalarAndAnEmptyArray() {
    assertArrayEquals(new float[] {7}, array(npy(1, header("<f4", "False", "()"), floats(7))));
    assertArrayEquals(new float[0], array(npy(1, header("<f4", "True", "(0, 4)"), floats())));
  }

  @ParameterizedTest
  @CsvSource({
    "<f8,FLOAT64",
    "<f2,FLOAT16",
    "<i8,INT64",
    "<i4,INT32",
    "|i1,INT8",
    "|u1,UINT8",
    "|b1,BOOL"
  })
  void everyElementType(String descr, DType dtype) {
    byte[] file = npy(1, header(descr, "False", "(1,)"), new byte[dtype.bytes()]);
    assertEquals(dtype, read(file).stored("x").dtype());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|O", "<u2", "<u8", "<c8", "<U3", "|S4", "<V2", "<M8[ns]", "|f4", "=f4", "f4", "<"
      })
  void anUnknownElementType(String descr) {
    refused(Reason.UNKNOWN_TYPE, npy(1, header(descr, "False", "(1,)"), new byte[8]));
  }

  @Test
  void anArrayOfRecords() {
    String header = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n";
    refused(Reason.UNKNOWN_TYPE, npy(1, header, new byte[4]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  ",
        "{}",
        "{'descr': '<f4', 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': 1, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [1]}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,), }",
        "__import__('os')"
      })
  void aHeaderThatNumpyDoesNotWrite(String header) {
    refused(Reason.BAD_HEADER, npy(1, header, new byte[4]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(9223372036854775808,)", "(1,,1)", "(1 2)", "( , )"})
  void aSizeThatIsNoNumber(String shape) {
    refused(Reason.BAD_NUMBER, npy(1, header("<f4", "False", shape), new byte[4]));
  }

  @Test
  void aShapeThatOverflows() {
    refused(
        Reason.BAD_SHAPE, npy(1, header("<f4", "False", "(4294967296, 4294967296)"), new byte[4]));
    refused(
        Reason.BAD_SHAPE, npy(1, header("<f4", "True", "(" + "1, ".repeat(65) + ")"), new byte[4]));
  }

  @Test
  void valuesThatDoNotFillTheShape() {
    refused(Reason.TRUNCATED, npy(1, header("<f4", "False", "(3,)"), new byte[11]));
    refused(Reason.TRAILING_BYTES, npy(1, header("<f4", "False", "(3,)"), new byte[13]));
  }

  @Test
  void aFileCutShortAnywhere() {
    byte[] file = npy(2, header("<f4", "False", "(3,)"), floats(1, 2, 3));
    for (int length = 6; length < file.length; length++) {
      refused(Reason.TRUNCATED, Arrays.copyOf(file, length));
    }
  }

  @Test
  void aHeaderOfFourGigabytes() {
    byte[] file = npy(2, header("<f4", "False", "(3,)"), floats(1, 2, 3));
    Arrays.fill(file, 8, 12, (byte) 0xFF);
    refused(Reason.HEADER_TOO_LARGE, file);
  }

  @Test
  void anUnknownVersion() {
    byte[] file = npy(1, header("<f4", "False", "(3,)"), floats(1, 2, 3));
    file[6] = 4;
    refused(Reason.BAD_HEADER, file);
  }

  @Test
  void anArchiveOfArrays() {
    ZipBytes zip = new ZipBytes();
    zip.store("a.npy", npy(1, header("<f4", "True", "(2, 2)"), floats(1, 3, 2, 4)));
    zip.deflate("b.npy", npy(1, header("<f4", "False", "(500,)"), floats(new float[500])));
    Weights weights = read(zip.bytes());
    assertEquals(List.of("a", "b"), List.copyOf(weights.names()));
    assertArrayEquals(new float[] {1, 2, 3, 4}, weights.get("a").toFloats());
    assertArrayEquals(new float[500], weights.get("b").toFloats());
  }

  @Test
  void anArrayInAnArchiveThatDoesNotFillItsShape() {
    ZipBytes zip = new ZipBytes();
    ZipBytes.Item item = zip.deflate("a.npy", npy(1, header("<f4", "False", "(3,)"), new byte[16]));
    assertEquals(8, item.method);
    refused(Reason.TRAILING_BYTES, zip.bytes());
  }

  @Test
  void somethingElseInTheArchive() {
    ZipBytes zip = new ZipBytes();
    ZipBytes.Item item = zip.store("a.txt", new byte[3]);
    assertEquals(3, item.size);
    refused(Reason.UNKNOWN_FORMAT, zip.bytes());
  }

  private static String header(String descr, String fortranOrder, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }   \n"
        .formatted(descr, fortranOrder, shape);
  }

  static byte[] npy(int version, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out =
        ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      out.putShort((short) text.length);
    } else {
      out.putInt(text.length);
    }
    out.put(text).put(data);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static float[] array(byte[] file) {
    HostTensor tensor = read(file).get("x");
    return tensor.toFloats();
  }

  private static void refused(Reason reason, byte[] bytes) {
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> read(bytes));
    assertEquals(reason, e.reason(), e.getMessage());
  }

  private static Weights read(byte[] bytes) {
    return WeightFiles.read(FileBytes.of(bytes), ReadOptions.defaults(), "x.npy");
  }
}
