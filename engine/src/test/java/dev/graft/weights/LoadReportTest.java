package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.LoadReport.Entry;
import dev.graft.weights.LoadReport.Form;
import dev.graft.weights.LoadReport.Kind;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadReportTest {

  private final Map<String, Form> wanted = new LinkedHashMap<>();
  private final Map<String, HostTensor> tensors = new LinkedHashMap<>();

  LoadReportTest() {
    want("conv.weight", 2, 3, 1, 1);
    want("fc.weight", 2, 2);
    have("conv.weight", 2, 3, 1, 1);
    have("fc.weight", 2, 2);
  }

  @Test
  void everythingFits() {
    LoadReport report = plan(LoadRules.strict());
    assertTrue(report.isComplete());
    assertEquals(List.of("conv.weight", "fc.weight"), names(report, Kind.LOADED));
  }

  @Test
  void everyFaultIsNamed() {
    want("bn.weight", 2);
    have("aux.weight", 4);
    have("fc.weight", 5, 2);
    LoadReport report = plan(LoadRules.strict());
    assertFalse(report.isComplete());
    assertEquals(List.of("bn.weight"), names(report, Kind.MISSING));
    assertEquals(List.of("aux.weight"), names(report, Kind.UNEXPECTED));
    assertEquals(List.of("fc.weight"), names(report, Kind.MISMATCHED));
    assertEquals(
        """
        1 loaded, 0 adapted, 0 kept, 1 missing, 1 unexpected, 1 mismatched
        missing:
          bn.weight F32[2]
        unexpected:
          aux.weight F32[4]
        mismatched:
          fc.weight F32[5, 2] in the file, F32[2, 2] wanted\
        """,
        report.render());
  }

  @Test
  void wrappedNamesAreFound() {
    tensors.clear();
    have("module.conv.weight", 2, 3, 1, 1);
    have("module.fc.weight", 2, 2);
    LoadReport report = plan(LoadRules.strict());
    assertTrue(report.isComplete());
    Entry entry = report.entries().get(0);
    assertEquals("module.conv.weight", entry.source());
    assertEquals(
        "conv.weight (module.conv.weight in the file) F32[2, 3, 1, 1] in the file,"
            + " F32[2, 3, 1, 1] wanted",
        entry.toString());
  }

  @Test
  void aNewHeadKeepsItsInitialValues() {
    want("fc.bias", 2);
    have("fc.weight", 1000, 2);
    LoadReport report = plan(LoadRules.strict().replaceable(Set.of("fc.weight", "fc.bias")));
    assertTrue(report.isComplete());
    assertEquals(List.of("fc.weight", "fc.bias"), names(report, Kind.KEPT));
  }

  @Test
  void anotherNumberOfInputChannelsIsAdaptedWhereAllowed() {
    wanted.clear();
    want("conv.weight", 2, 1, 1, 1);
    want("fc.weight", 2, 2);
    assertEquals(List.of("conv.weight"), names(plan(LoadRules.strict()), Kind.MISMATCHED));
    LoadRules rules = LoadRules.strict().adaptable(Set.of("conv.weight"));
    LoadReport report = plan(rules);
    assertTrue(report.isComplete());
    assertEquals("3 input channels made 1, summed", report.of(Kind.ADAPTED).get(0).note());
    have("conv.weight", 4, 3, 1, 1);
    assertEquals(List.of("conv.weight"), names(plan(rules), Kind.MISMATCHED));
  }

  @Test
  void countersThatOldFilesLackStartAnew() {
    wanted.put("bn.num_batches_tracked", new Form(DType.INT64, new long[0]));
    LoadReport report = plan(LoadRules.strict());
    assertTrue(report.isComplete());
    assertEquals(List.of("bn.num_batches_tracked"), names(report, Kind.KEPT));
  }

  @Test
  void floatingTypesAreConvertedButIntegersAreNoWeights() {
    tensors.put(
        "fc.weight", new HostTensor(DType.FLOAT16, new long[] {2, 2}, ByteBuffer.allocate(8)));
    assertTrue(plan(LoadRules.strict()).isComplete());
    tensors.put("fc.weight", new HostTensor(DType.INT8, new long[] {2, 2}, ByteBuffer.allocate(4)));
    assertEquals(List.of("fc.weight"), names(plan(LoadRules.strict()), Kind.MISMATCHED));
  }

  @Test
  void aLongListIsCutShort() {
    for (int i = 0; i < 25; i++) {
      have("extra." + i, 1);
    }
    assertTrue(plan(LoadRules.strict()).render().endsWith("and 5 more"));
  }

  @Test
  void channelsAreSummedOrRepeated() {
    HostTensor weight = HostTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 3, 2, 1);
    assertArrayEquals(new float[] {9, 12}, InputChannels.adapt(weight, 1).toFloats());
    HostTensor five = InputChannels.adapt(weight, 5);
    assertArrayEquals(new long[] {1, 5, 2, 1}, five.shape());
    float[] expected = {1, 2, 3, 4, 5, 6, 1, 2, 3, 4};
    for (int i = 0; i < expected.length; i++) {
      expected[i] = expected[i] * 3 / 5;
    }
    assertArrayEquals(expected, five.toFloats());
    HostTensor two = InputChannels.adapt(HostTensor.of(new float[] {1, 2, 3, 4}, 2, 2, 1, 1), 3);
    assertArrayEquals(new float[] {2f / 3, 4f / 3, 2f / 3, 2, 8f / 3, 2}, two.toFloats(), 1e-6f);
  }

  private void want(String name, long... shape) {
    wanted.put(name, new Form(DType.FLOAT32, shape));
  }

  private void have(String name, long... shape) {
    long count = HostTensor.byteSize(DType.INT8, shape);
    tensors.put(name, HostTensor.of(new float[Math.toIntExact(count)], shape));
  }

  private LoadReport plan(LoadRules rules) {
    return LoadReport.plan(wanted, Weights.of(tensors), rules);
  }

  private static List<String> names(LoadReport report, Kind kind) {
    return report.of(kind).stream().map(Entry::name).toList();
  }
}
