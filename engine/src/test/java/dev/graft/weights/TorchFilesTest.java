package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.WeightFormatException.Reason;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void protocol4Instructions() {
    byte[] pickle =
        new PickleBytes()
            .raw(0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0)
            .op('}')
            .raw(0x94)
            .raw(0x8c, 1, 'k')
            .raw(0x94)
            .raw(0x8c, 11)
            .ops("collections")
            .raw(0x8c, 11)
            .ops("OrderedDict")
            .raw(0x93)
            .ops(")R")
            .ops("h\u0001s")
            .stop();
    // The name's second use comes from the memo, and is no value for a key: two values are left.
    refused(Reason.BAD_PICKLE, TorchBytes.zip(pickle, Map.of()));
    byte[] right =
        new PickleBytes().raw(0x80, 4).op('}').raw(0x94, 0x8c, 1, 'k', 0x94).ops("h\u0001s").stop();
    assertEquals(Map.of("k", "k"), checkpoint(TorchBytes.zip(right, Map.of())).root());
  }

  @Test
  void plainValues() {
    byte[] pickle =
        PickleBytes.protocol2()
            .ops("](")
            .op('N')
            .raw(0x88, 0x89)
            .ops("K\u00ff")
            .raw('M', 0xFF, 0xFF)
            .number(-5)
            .raw(0x8a, 0)
            .raw(0x8a, 1, 0xFF)
            .raw(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)
            .raw('G', 0x3F, 0xF8, 0, 0, 0, 0, 0, 0)
            .text("ü")
            .raw(0x85)
            .op('e')
            .stop();
    List<?> values = (List<?>) checkpoint(TorchBytes.zip(pickle, Map.of())).root();
    assertEquals(
        Arrays.asList(
            null,
            true,
            false,
            255L,
            65535L,
            -5L,
            0L,
            -1L,
            BigInteger.ONE.shiftLeft(64),
            1.5,
            List.of("ü")),
        values);
  }

  @Test
  void setsCountersSizesAndDevices() {
    byte[] pickle =
        PickleBytes.protocol2()
            .ops("](")
            .global("__builtin__", "set")
            .ops("](K\u0001K\u0002e")
            .raw(0x85)
            .op('R')
            .global("collections", "Counter")
            .ops("}K\u0001K\u0002s")
            .raw(0x85)
            .op('R')
            .global("torch", "Size")
            .ops("K\u0003")
            .raw(0x85, 0x85)
            .op('R')
            .global("torch", "device")
            .text("cuda")
            .ops("K\u0000")
            .raw(0x86)
            .op('R')
            .global("torch", "float16")
            .op('e')
            .stop();
    List<?> values = (List<?>) checkpoint(TorchBytes.zip(pickle, Map.of())).root();
    assertEquals(
        List.of(Set.of(1L, 2L), Map.of(1L, 2L), List.of(3L), "cuda:0", DType.FLOAT16), values);
  }

  @ParameterizedTest
  @CsvSource({
    "os,system",
    "posix,system",
    "builtins,eval",
    "builtins,getattr",
    "torch,load",
    "torch._utils,_rebuild_qtensor",
    "numpy.core.multiarray,_reconstruct",
    "argparse,Namespace",
    "collections,OrderedDict.fromkeys",
    "torch,floatStorage",
    "'',''"
  })
  void aNameThatIsNotOnTheListIsRefusedByName(String module, String name) {
    byte[] file =
        TorchBytes.zip(
            PickleBytes.protocol2().global(module, name).text("rm").raw(0x85).op('R').stop(),
            Map.of());
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> read(file));
    assertEquals(Reason.FORBIDDEN_GLOBAL, e.reason());
    assertTrue(e.getMessage().contains(module + "." + name), e.getMessage());
  }

  @Test
  void everyInstructionThatIsNotOnTheListIsRefused() {
    int refused = 0;
    for (int opcode = 0; opcode < 256; opcode++) {
      byte[] file = TorchBytes.zip(PickleBytes.protocol2().op(opcode).stop(), Map.of());
      WeightFormatException e = assertThrows(WeightFormatException.class, () -> read(file));
      refused += e.reason() == Reason.FORBIDDEN_OPCODE ? 1 : 0;
    }
    assertEquals(256 - 46, refused);
  }

  /** Calls by instance, by extension registry, by class and by persistent text; text numbers. */
  @ParameterizedTest
  @ValueSource(ints = {'i', 'o', 'P', 'I', 'L', 'F', 'S', 'V', 'd', 'l', 'g', 'p', '2', 0x82, 0x92})
  void knownInstructionsThatAreNeverNeeded(int opcode) {
    refused(
        Reason.FORBIDDEN_OPCODE,
        TorchBytes.zip(PickleBytes.protocol2().op(opcode).stop(), Map.of()));
  }

  @Test
  void pythonTwoWritesAnOrderedDictAsPairs() {
    byte[] pickle =
        PickleBytes.protocol2()
            .global("collections", "OrderedDict")
            .ops("](")
            .ops("](U\u0001aK\u0001e")
            .op('e')
            .raw(0x85)
            .op('R')
            .stop();
    assertEquals(Map.of("a", 1L), checkpoint(TorchBytes.zip(pickle, Map.of())).root());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // an empty stack
        "NN", // a value is left over
        "(", // a mark is left over
        "0", // nothing to drop
        "N(0", // dropping the mark
        "(N0t", // fine so far, but two values short below
        "Na", "]a", "}N", "Ns", "}NNs", "}]Ns", "]N]Ns", "e", "](e0", "(u", "N(u", "}(Nu", "t",
        "h\u0000", "q\u0000", "R", "NNR", "))R", "N)R", "Nb", "}Nb", "]}b", "NQ", "KQ", ")Q"
      })
  void instructionsThatDoNotFitTogether(String instructions) {
    byte[] file = TorchBytes.zip(PickleBytes.protocol2().ops(instructions).stop(), Map.of());
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> read(file));
    assertTrue(
        List.of(Reason.BAD_PICKLE, Reason.NO_STATE_DICT).contains(e.reason()), e.getMessage());
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
  void aTextLongerThanTheFile() {
    refused(Reason.TRUNCATED, zipOf(p -> p.op('X').raw(0xFF, 0xFF, 0xFF, 0x7F)));
    refused(Reason.TRUNCATED, zipOf(p -> p.op('X').raw(0xFF, 0xFF, 0xFF, 0xFF)));
    refused(
        Reason.TRUNCATED,
        zipOf(p -> p.op(0x8d).raw(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)));
  }

  @Test
  void anIntegerOfMillionsOfBytes() {
    refused(Reason.BAD_PICKLE, zipOf(p -> p.op(0x8b).raw(0xFF, 0xFF, 0xFF, 0x7F)));
  }

  @Test
  void aTextThatIsNotUtf8() {
    refused(Reason.NOT_UTF8, zipOf(p -> p.op('X').raw(1, 0, 0, 0, 0xFF)));
  }

  @Test
  void aKeyThatCouldChange() {
    refused(Reason.BAD_PICKLE, zipOf(p -> p.ops("}]Ns")));
  }

  @Test
  void aListThatContainsItself() {
    refused(Reason.BAD_PICKLE, zipOf(p -> p.ops("]q\u0000h\u0000a")));
  }

  @Test
  void nestingWithoutEnd() {
    refused(Reason.BAD_PICKLE, zipOf(p -> p.ops("N" + "\u0085".repeat(100_000))));
  }

  /** Ten lists, each twice in the next: a tree of 2^40 leaves out of 200 bytes. */
  @Test
  void sharedListsAreVisitedOnce() {
    PickleBytes p = PickleBytes.protocol2().ops("]q\u0000");
    for (int i = 0; i < 40; i++) {
      p = p.ops("](h" + (char) i + "h" + (char) i + "eq" + (char) (i + 1));
    }
    byte[] pickle = p.ops("(").stop();
    refused(Reason.BAD_PICKLE, TorchBytes.zip(pickle, Map.of()));
    PickleBytes q = PickleBytes.protocol2().ops("]q\u0000");
    for (int i = 0; i < 40; i++) {
      q = q.ops("0](h" + (char) i + "h" + (char) i + "eq" + (char) (i + 1));
    }
    assertEquals(2, ((List<?>) checkpoint(TorchBytes.zip(q.stop(), Map.of())).root()).size());
  }

  @Test
  void aFunctionKeptAsAValue() {
    refused(Reason.BAD_PICKLE, zipOf(p -> p.global("collections", "OrderedDict")));
    refused(Reason.BAD_PICKLE, zipOf(p -> p.global("torch", "FloatStorage")));
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

  private static byte[] zipOf(UnaryOperator<PickleBytes> instructions) {
    return TorchBytes.zip(instructions.apply(PickleBytes.protocol2()).stop(), Map.of());
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

  private static Checkpoint checkpoint(byte[] bytes) {
    return WeightFiles.checkpoint(FileBytes.of(bytes), ReadOptions.defaults());
  }
}
