package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.ReadOptions.Access;
import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightsTest {

  @TempDir private Path temp;

  @ParameterizedTest
  @EnumSource(Access.class)
  void whatIsSavedIsReadBack(Access access) throws IOException {
    Weights weights = mixed();
    Path file = temp.resolve("w.safetensors");
    weights.save(file);
    Weights back = Weights.open(file, ReadOptions.defaults().with(access));
    assertEquals(weights.names().size(), back.names().size());
    for (String name : weights.names()) {
      assertEquals(weights.get(name), back.get(name), name);
    }
    assertEquals(weights.digest(), back.digest());
  }

  @Test
  void theSameTensorsGiveTheSameBytesInAnyOrder() throws IOException {
    Weights weights = mixed();
    Map<String, HostTensor> reversed = new LinkedHashMap<>();
    List<String> names = List.copyOf(weights.names());
    for (int i = names.size() - 1; i >= 0; i--) {
      reversed.put(names.get(i), weights.get(names.get(i)));
    }
    weights.save(temp.resolve("a"));
    Weights.of(reversed).save(temp.resolve("b"));
    assertEquals(-1, Files.mismatch(temp.resolve("a"), temp.resolve("b")));
  }

  @Test
  void everyTensorIsAlignedToItsElementSize() throws IOException {
    Path file = temp.resolve("w.safetensors");
    mixed().save(file);
    ByteBuffer bytes = FileBytes.open(file, Access.COPY).slice(0, Files.size(file));
    int dataStart = 8 + (int) bytes.getLong(0);
    assertEquals(0, dataStart % 8);
    byte[] json = new byte[dataStart - 8];
    bytes.position(8).get(json);
    SafetensorsHeader.parse(json)
        .entries()
        .forEach(
            (name, entry) ->
                assertEquals(0, (dataStart + entry.begin()) % entry.dtype().bytes(), name));
  }

  @Test
  void metadataAreKeptAndTheFormatIsNamedForPython() throws IOException {
    Path file = temp.resolve("w.safetensors");
    Weights.of(Map.of("a", HostTensor.scalar(1)), Map.of("made by", "a test \"ü\"")).save(file);
    assertEquals(Map.of("made by", "a test \"ü\"", "format", "pt"), Weights.open(file).metadata());
  }

  @Test
  void aFileMayReplaceTheOneItIsReadFrom() throws IOException {
    Path file = temp.resolve("w.safetensors");
    mixed().save(file);
    Weights mapped = Weights.open(file, ReadOptions.defaults().with(Access.MAP));
    mapped.save(file);
    assertEquals(mixed().digest(), Weights.open(file).digest());
    assertEquals(mixed().digest(), mapped.digest());
  }

  @Test
  void theDigestSeesNamesTypesShapesAndValues() {
    String digest = digest("a", HostTensor.of(new float[] {1, 2}, 2));
    assertEquals(64, digest.length());
    assertEquals(digest, digest("a", HostTensor.of(new float[] {1, 2}, 2)));
    assertNotEquals(digest, digest("b", HostTensor.of(new float[] {1, 2}, 2)));
    assertNotEquals(digest, digest("a", HostTensor.of(new float[] {1, 2}, 1, 2)));
    assertNotEquals(digest, digest("a", HostTensor.of(new float[] {1, 3}, 2)));
    assertNotEquals(
        digest,
        digest("a", new HostTensor(DType.INT32, new long[] {2}, ints(0x3F800000, 1 << 30))));
  }

  @Test
  void aFailedLookupNamesNearNames() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> mixed().get("conv.wieght"));
    assertTrue(e.getMessage().contains("nearest: [conv.weight"), e.getMessage());
  }

  @Test
  void notANumberIsFound() {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("nan", HostTensor.of(new float[] {0, Float.NaN}, 2));
    tensors.put("fine", HostTensor.of(new float[] {0, Float.MAX_VALUE}, 2));
    tensors.put(
        "inf16",
        new HostTensor(DType.FLOAT16, new long[] {1}, ByteBuffer.wrap(new byte[] {0, 0x7C})));
    assertEquals(List.of("nan", "inf16"), Weights.of(tensors).nonFinite());
  }

  @Test
  void aTensorBehindFourGigabytes() throws IOException {
    Path file = temp.resolve("large.safetensors");
    long large = 1_900_000_000L;
    String header =
        "{"
            + String.join(
                ",",
                SafetensorsFiles.entry("a", "U8", "[1900000000]", 0, large),
                SafetensorsFiles.entry("b", "U8", "[1900000000]", large, 2 * large),
                SafetensorsFiles.entry("c", "U8", "[600000000]", 2 * large, 4_400_000_000L),
                SafetensorsFiles.entry("d", "U8", "[4]", 4_400_000_000L, 4_400_000_004L))
            + "}";
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      // The file is sparse: the tensors that are not written take no room on the disk.
      out.write(SafetensorsFiles.claiming(json.length, json, new byte[0]));
      out.seek(8 + json.length + 2 * large);
      out.write(7);
      out.seek(8 + json.length + 4_400_000_000L);
      out.write(new byte[] {1, 2, 3, 4});
    }
    Weights weights = Weights.open(file);
    assertEquals(4_400_000_004L, weights.byteSize());
    assertEquals(7, weights.get("c").get(0));
    assertArrayEquals(new float[] {1, 2, 3, 4}, weights.get("d").toFloats());
  }

  @Test
  void aTensorAboveTwoGigabytesIsRefusedWhenItIsRead() throws IOException {
    Path file = temp.resolve("large.safetensors");
    String header =
        "{" + SafetensorsFiles.entry("a", "U8", "[3000000000]", 0, 3_000_000_000L) + "}";
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(SafetensorsFiles.claiming(json.length, json, new byte[0]));
      out.setLength(8 + json.length + 3_000_000_000L);
    }
    Weights weights = Weights.open(file);
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> weights.get("a"));
    assertEquals(Reason.TENSOR_TOO_LARGE, e.reason());
  }

  @Test
  void theMessageNamesTheFile() throws IOException {
    Path file = Files.write(temp.resolve("w.safetensors"), new byte[3]);
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }

  @Test
  void noSuchFile() {
    assertThrows(NoSuchFileException.class, () -> Weights.open(temp.resolve("none")));
  }

  @Test
  void anUnknownFormatIsRefused() throws IOException {
    Path file = Files.writeString(temp.resolve("notes.txt"), "no weights in here at all");
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file));
    assertEquals(Reason.UNKNOWN_FORMAT, e.reason());
  }

  private static Weights mixed() {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("flags", new HostTensor(DType.BOOL, new long[] {3}, bytes(1, 0, 1)));
    tensors.put("conv.weight", HostTensor.of(new float[] {1, -2, 3, 4, 5, 6}, 2, 3));
    tensors.put("half", new HostTensor(DType.FLOAT16, new long[] {1}, bytes(0, 0x3C)));
    tensors.put("bf16", new HostTensor(DType.BFLOAT16, new long[] {1}, bytes(0x80, 0x3F)));
    tensors.put("conv.bias", HostTensor.of(new float[] {0.5f}, 1));
    tensors.put("steps", HostTensor.scalar(7L));
    tensors.put("empty", HostTensor.of(new float[0], 0, 4));
    return Weights.of(tensors);
  }

  private static String digest(String name, HostTensor tensor) {
    return Weights.of(Map.of(name, tensor)).digest();
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  private static ByteBuffer ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.flip();
  }
}
