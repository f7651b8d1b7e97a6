package dev.graft.weights;

import static dev.graft.weights.SafetensorsFiles.claiming;
import static dev.graft.weights.SafetensorsFiles.entry;
import static dev.graft.weights.SafetensorsFiles.file;
import static dev.graft.weights.SafetensorsFiles.one;
import static dev.graft.weights.SafetensorsFiles.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.weights.WeightFormatException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One test for each rule of the format, and one for each known way to abuse it. */
class SafetensorsRulesTest {

  @Test
  void aFileShorterThanItsLengthField() {
    refused(Reason.TRUNCATED, new byte[7]);
    refused(Reason.TRUNCATED, new byte[0]);
  }

  @Test
  void aHeaderLongerThanTheFile() {
    refused(Reason.TRUNCATED, claiming(3, bytes("{}"), new byte[0]));
  }

  @Test
  void aHeaderAboveTheLimitOfItsFile() {
    refused(Reason.HEADER_TOO_LARGE, claiming((1 << 20) + 1, bytes("{}"), new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7, 1L << 32})
  void aHeaderLengthThatOverflows(long length) {
    refused(Reason.HEADER_TOO_LARGE, claiming(length, bytes("{}"), new byte[0]));
  }

  @Test
  void theHeaderLimitGrowsWithTheFile() {
    String header = "{" + entry("t", "U8", "[5000000]", 0, 5_000_000) + "}";
    byte[] padded = bytes(header + " ".repeat(1_500_000 - header.length()));
    assertEquals(1, read(file(padded, new byte[5_000_000])).names().size());
    refused(Reason.HEADER_TOO_LARGE, file(padded, new byte[10]));
  }

  @Test
  void anEmptyHeader() {
    refused(Reason.BAD_HEADER, file("", 0));
  }

  @Test
  void aHeaderThatIsNotUtf8() {
    refused(
        Reason.NOT_UTF8, file(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}, new byte[0]));
  }

  @Test
  void aHeaderInAnotherEncoding() {
    refused(Reason.BAD_HEADER, file("{}".getBytes(StandardCharsets.UTF_16LE), new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{]", "{\"a\"", "{\"a\":}", "{'a':1}", "{\"a\":{},}", "{//c\n}"})
  void aHeaderThatIsNotJson(String header) {
    refused(Reason.BAD_HEADER, file(header, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"a\"", "null", " {}", "\n{}", "\uFEFF{}"})
  void aHeaderThatDoesNotBeginWithABrace(String header) {
    refused(Reason.BAD_HEADER, file(header, 0));
  }

  @Test
  void aHeaderMayEndInSpaces() {
    assertTrue(read(file("{}      ", 0)).names().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}{}", "{} 1", "{}x", "{}\u0000"})
  void somethingAfterTheHeadersObject(String header) {
    refused(Reason.BAD_HEADER, file(header, 0));
  }

  @Test
  void aTensorNamedTwice() {
    String tensor = entry("t", "F32", "[1]", 0, 4);
    refused(Reason.DUPLICATE_NAME, file("{" + tensor + "," + tensor + "}", 4));
  }

  @Test
  void aTensorNamedTwiceWithAnEscape() {
    refused(
        Reason.DUPLICATE_NAME,
        file(
            "{" + entry("t", "F32", "[0]", 0, 0) + "," + entry("\\u0074", "F32", "[0]", 0, 0) + "}",
            0));
  }

  @Test
  void aKeyOfATensorGivenTwice() {
    refused(
        Reason.DUPLICATE_NAME,
        file(
            "{\"t\":{\"dtype\":\"F32\",\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
            0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"text\"", "null", "{\"a\":1}", "{\"a\":null}", "{\"a\":{}}"})
  void metadataThatAreNotStrings(String metadata) {
    refused(Reason.BAD_METADATA, file("{\"__metadata__\":" + metadata + "}", 0));
  }

  @Test
  void metadataGivenTwice() {
    refused(Reason.DUPLICATE_NAME, file("{\"__metadata__\":{},\"__metadata__\":{}}", 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"t\":1}",
        "{\"t\":[]}",
        "{\"t\":{}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[0]}}",
        "{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,0]}}",
        "{\"t\":{\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"t\":{\"dtype\":32,\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":0,\"data_offsets\":[0,0]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":{}}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0],\"code\":\"x\"}}"
      })
  void aTensorWithoutItsThreeKeys(String header) {
    refused(Reason.BAD_HEADER, file(header, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"F8_E4M3", "U64", "C64", "f32", "", "F32 "})
  void anUnknownElementType(String dtype) {
    refused(Reason.UNKNOWN_TYPE, file("{" + entry("t", dtype, "[0]", 0, 0) + "}", 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1e0]",
        "[1.0]",
        "[-0]",
        "[-1]",
        "[9223372036854775808]",
        "[18446744073709551617]",
        "[\"1\"]",
        "[true]",
        "[null]",
        "[[1]]"
      })
  void aSizeThatIsNotAPlainNumber(String shape) {
    refused(Reason.BAD_NUMBER, file(one(shape, "[0,4]"), 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[0,4.0]", "[-0,4]", "[0,18446744073709551620]", "[0,\"4\"]"})
  void anOffsetThatIsNotAPlainNumber(String offsets) {
    refused(Reason.BAD_NUMBER, file(one("[1]", offsets), 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[0]", "[0,4,8]"})
  void notTwoOffsets(String offsets) {
    refused(Reason.BAD_OFFSETS, file(one("[1]", offsets), 4));
  }

  @Test
  void anEndBeforeTheBegin() {
    refused(Reason.BAD_OFFSETS, file(one("[1]", "[4,0]"), 4));
  }

  @Test
  void aHoleAtTheStart() {
    refused(Reason.BAD_OFFSETS, file(one("[1]", "[4,8]"), 8));
  }

  @Test
  void aHoleBetweenTensors() {
    refused(
        Reason.BAD_OFFSETS,
        file(
            "{" + entry("a", "F32", "[1]", 0, 4) + "," + entry("b", "F32", "[1]", 8, 12) + "}",
            12));
  }

  @Test
  void tensorsThatOverlap() {
    refused(
        Reason.BAD_OFFSETS,
        file(
            "{" + entry("a", "F32", "[2]", 0, 8) + "," + entry("b", "F32", "[2]", 4, 12) + "}",
            12));
  }

  @Test
  void tensorsThatShareTheirBytes() {
    refused(
        Reason.BAD_OFFSETS,
        file("{" + entry("a", "F32", "[2]", 0, 8) + "," + entry("b", "F32", "[2]", 0, 8) + "}", 8));
  }

  @Test
  void offsetsThatDoNotFitTheShape() {
    refused(Reason.SIZE_MISMATCH, file(one("[2,2]", "[0,12]"), 12));
    refused(Reason.SIZE_MISMATCH, file(one("[]", "[0,8]"), 8));
    refused(Reason.SIZE_MISMATCH, file(one("[0]", "[0,4]"), 4));
  }

  @Test
  void aNumberOfElementsThatOverflows() {
    refused(Reason.BAD_SHAPE, file(one("[4294967296,4294967296,4]", "[0,0]"), 0));
  }

  @Test
  void aNumberOfBytesThatOverflows() {
    refused(Reason.BAD_SHAPE, file(one("[4611686018427387904]", "[0,0]"), 0));
  }

  @Test
  void anOverflowIsMetEvenWithASizeOfZeroBehindIt() {
    refused(Reason.BAD_SHAPE, file(one("[4294967296,4294967296,0]", "[0,0]"), 0));
  }

  @Test
  void tooManyDimensions() {
    String ones = "1,".repeat(64) + "1";
    refused(Reason.BAD_SHAPE, file(one("[" + ones + "]", "[0,4]"), 4));
  }

  @Test
  void bytesAfterTheLastTensor() {
    refused(Reason.TRAILING_BYTES, file(one("[1]", "[0,4]"), 5));
    refused(Reason.TRAILING_BYTES, file("{}", 1));
  }

  @Test
  void bytesMissingAtTheEnd() {
    refused(Reason.TRUNCATED, file(one("[1]", "[0,4]"), 3));
  }

  @Test
  void sizesOfZeroAndScalarsAreAllowed() {
    Weights weights =
        read(
            file(
                "{"
                    + String.join(
                        ",",
                        entry("empty", "F32", "[2,0]", 4, 4),
                        entry("scalar", "F32", "[]", 0, 4),
                        entry("none", "I64", "[0]", 0, 0))
                    + "}",
                4));
    assertEquals(List.of("empty", "scalar", "none"), List.copyOf(weights.names()));
    assertEquals(1, weights.get("scalar").count());
    assertArrayEquals(new long[] {2, 0}, weights.get("empty").shape());
  }

  // The abuse attempts that the reference implementation keeps beside its tests, made again.

  @Test
  void abuseManyTensorsOverTheSameBytes() {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 5_000; i++) {
      header.append(i == 0 ? "" : ",").append(entry("t" + i, "F32", "[2,2]", 0, 16));
    }
    refused(Reason.BAD_OFFSETS, file(header.append("}").toString(), 16));
  }

  @Test
  void abuseAHeaderOfFourGigabytes() {
    refused(Reason.HEADER_TOO_LARGE, claiming(0x1_0000_0000L, bytes("{}"), new byte[64]));
    refused(Reason.HEADER_TOO_LARGE, claiming(100_000_000, bytes("{}"), new byte[64]));
  }

  @Test
  void abuseATensorFarBeyondTheFile() {
    refused(Reason.TRUNCATED, file(one("[250000000000]", "[0,1000000000000]"), 4));
  }

  @Test
  void abuseDeepNesting() {
    refused(Reason.BAD_HEADER, file("{\"t\":" + "[".repeat(100_000), 0));
    refused(Reason.BAD_NUMBER, file("{\"t\":{\"shape\":" + "[".repeat(100_000) + "}}", 0));
  }

  @Test
  void abuseANumberOfAThousandDigits() {
    byte[] bytes = file(one("[" + "9".repeat(1000) + "]", "[0,0]"), 0);
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> read(bytes));
    assertTrue(List.of(Reason.BAD_NUMBER, Reason.BAD_HEADER).contains(e.reason()), e.getMessage());
  }

  private static void refused(Reason reason, byte[] bytes) {
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> read(bytes));
    assertEquals(reason, e.reason(), e.getMessage());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
