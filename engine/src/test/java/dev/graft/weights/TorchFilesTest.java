package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.tensor.HostTensor;
import dev.graft.weights.WeightFormatException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints assembled here, so that every rule has a file that breaks it and nothing else. */
class TorchFilesTest {

  private static final float[] SIX = {1, 2, 3, 4, 5, 6};

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStateDictWithSharedAndStridedStorages(boolean legacy) {
    Weights weights = read(stateDict(legacy));
    assertEquals(List.of("w", "t", "b"), List.copyOf(weights.names()));
    assertArrayEquals(SIX, weights.get("w").toFloats());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, weights.get("t").toFloats());
    assertArrayEquals(new float[] {8, 9}, weights.get("b").toFloats());
  }

  @Test
  void aCompressedCheckpoint() {
    ZipBytes zip = new ZipBytes();
    zip.deflate("a/data.pkl", tensor(0, new long[] {2, 3}, new long[] {3, 1}));
    byte[] storage = new byte[24];
    storage[3] = 0x40;
    zip.deflate("a/data/0", storage);
    assertEquals(2, read(zip.bytes()).get("x").get(0));
  }

  @Test
  void aPickleThatIsCutShort() {
    byte[] pickle = TorchBytes.stateDict(false);
    for (int length = 0; length < pickle.length; length++) {
      refused(
          Reason.TRUNCATED, TorchBytes.zip(Arrays.copyOf(pickle, length), TorchBytes.storages()));
    }
  }

  @Test
  void viewsThatReachOutsideTheirStorage() {
    badView(0, new long[] {7}, new long[] {1});
    badView(0, new long[] {2, 3}, new long[] {4, 1});
    badView(1, new long[] {2, 3}, new long[] {3, 1});
    badView(7, new long[] {0}, new long[] {1});
    badView(-1, new long[] {1}, new long[] {1});
    badView(0, new long[] {2}, new long[] {-1});
    badView(0, new long[] {2}, new long[] {Long.MAX_VALUE});
    badView(Long.MAX_VALUE, new long[] {2}, new long[] {1});
    badView(0, new long[] {2, 3}, new long[] {1});
  }

  @Test
  void viewsOnTheEdge() {
    assertEquals(0, shaped(6, new long[] {0}, new long[] {1}).count());
    assertEquals(6, shaped(5, new long[] {}, new long[] {}).get(0));
    assertEquals(6, shaped(0, new long[] {2}, new long[] {5}).get(1));
    // Steps of dimensions of size 1 are never taken.
    assertEquals(1, shaped(0, new long[] {1}, new long[] {1000}).get(0));
  }

  @Test
  void anExpandedViewMayRepeatButNotBeyondTheSizeOfItsFile() {
    assertArrayEquals(
        new float[] {1, 2, 1, 2}, shaped(0, new long[] {2, 2}, new long[] {0, 1}).toFloats());
    badView(0, new long[] {1_000_000}, new long[] {0});
  }

  @Test
  void shapesThatOverflow() {
    byte[] negative = tensor(0, new long[] {-1}, new long[] {1});
    refused(Reason.BAD_SHAPE, TorchBytes.zip(negative, Map.of("0", SIX)));
    byte[] large = tensor(0, new long[] {1L << 32, 1L << 32}, new long[] {0, 0});
    refused(Reason.BAD_SHAPE, TorchBytes.zip(large, Map.of("0", SIX)));
    byte[] deep = tensor(0, new long[65], new long[65]);
    refused(Reason.BAD_SHAPE, TorchBytes.zip(deep, Map.of("0", SIX)));
  }

  @Test
  void aStorageOfAnotherSizeThanAnnounced() {
    byte[] pickle = tensor(0, new long[] {2}, new long[] {1});
    refused(Reason.SIZE_MISMATCH, TorchBytes.zip(pickle, Map.of("0", new float[5])));
    refused(Reason.SIZE_MISMATCH, TorchBytes.zip(pickle, Map.of("0", new float[7])));
    byte[] legacy = TorchBytes.stateDict(true);
    refused(
        Reason.SIZE_MISMATCH,
        TorchBytes.legacy(legacy, Map.of("0", new float[6], "1", new float[4])));
  }

  @Test
  void aStorageThatIsNotThere() {
    byte[] pickle = tensor(0, new long[] {2}, new long[] {1});
    refused(Reason.TRUNCATED, TorchBytes.zip(pickle, Map.of("1", SIX)));
    refused(Reason.TRUNCATED, TorchBytes.legacy(TorchBytes.stateDict(true), Map.of("0", SIX)));
  }

  @Test
  void aStorageThatClimbs() {
    PickleBytes p = PickleBytes.protocol2();
    byte[] pickle =
        p.tensor(
                () -> p.storage("FloatStorage", "../../etc/passwd", 6),
                0,
                new long[] {6},
                new long[] {1})
            .stop();
    refused(Reason.TRUNCATED, TorchBytes.zip(pickle, Map.of("0", SIX)));
  }

  @Test
  void aLegacyFileCutShortAnywhere() {
    byte[] file = TorchBytes.legacy(TorchBytes.stateDict(true), TorchBytes.storages());
    for (int length = 16; length < file.length; length++) {
      refused(Reason.TRUNCATED, Arrays.copyOf(file, length));
    }
    refused(Reason.TRAILING_BYTES, Arrays.copyOf(file, file.length + 1));
  }

  @Test
  void aLegacyStorageListedTwice() {
    byte[] file = TorchBytes.legacy(TorchBytes.stateDict(true), TorchBytes.storages());
    // The key list ends in: the text "1" of length 1, the instruction that appends, the stop.
    int at = lastIndexOf(file, new byte[] {'X', 1, 0, 0, 0, '1', 'e', '.'});
    file[at + 5] = '0';
    refused(Reason.BAD_PICKLE, file);
  }

  @Test
  void bigEndianValuesAreRefused() {
    ZipBytes zip = TorchBytes.archive(TorchBytes.stateDict(false), TorchBytes.storages());
    ZipBytes.Item order = zip.store("archive/byteorder", new byte[] {'b', 'i', 'g'});
    assertEquals(3, order.size);
    refused(Reason.UNKNOWN_TYPE, zip.bytes());
  }

  @Test
  void aTorchScriptProgramIsRefused() {
    ZipBytes zip = TorchBytes.archive(TorchBytes.stateDict(false), TorchBytes.storages());
    ZipBytes.Item code = zip.store("archive/code/__torch__.py", new byte[] {'#'});
    assertEquals(1, code.size);
    refused(Reason.PROGRAM, zip.bytes());
  }

  private static byte[] stateDict(boolean legacy) {
    byte[] pickle = TorchBytes.stateDict(legacy);
    return legacy
        ? TorchBytes.legacy(pickle, TorchBytes.storages())
        : TorchBytes.zip(pickle, TorchBytes.storages());
  }

  /** A dictionary with one tensor {@code x} over a storage of six floats. */
  private static byte[] tensor(long offset, long[] shape, long[] strides) {
    PickleBytes p = PickleBytes.protocol2().op('}').text("x");
    return p.tensor(() -> p.storage("FloatStorage", "0", 6), offset, shape, strides).op('s').stop();
  }

  private static HostTensor shaped(long offset, long[] shape, long[] strides) {
    return read(TorchBytes.zip(tensor(offset, shape, strides), Map.of("0", SIX))).get("x");
  }

  private static void badView(long offset, long[] shape, long[] strides) {
    refused(Reason.BAD_VIEW, TorchBytes.zip(tensor(offset, shape, strides), Map.of("0", SIX)));
  }

  private static int lastIndexOf(byte[] file, byte[] part) {
    for (int at = file.length - part.length; at >= 0; at--) {
      if (Arrays.equals(file, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }

  private static void refused(Reason reason, byte[] bytes) {
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> read(bytes));
    assertEquals(reason, e.reason(), e.getMessage());
  }

  private static Weights read(byte[] bytes) {
    return WeightFiles.read(FileBytes.of(bytes), ReadOptions.defaults(), "x.pt");
  }
}
