package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.DType;
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

/** What a pickle may say, and everything that it may not. */
class PickleMachineTest {

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

  private static byte[] zipOf(UnaryOperator<PickleBytes> instructions) {
    return TorchBytes.zip(instructions.apply(PickleBytes.protocol2()).stop(), Map.of());
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
