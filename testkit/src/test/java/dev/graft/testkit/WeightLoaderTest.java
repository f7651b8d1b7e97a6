package dev.graft.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.testkit.tiny.TinyNetwork;
import dev.graft.weights.LoadException;
import dev.graft.weights.LoadReport;
import dev.graft.weights.LoadReport.Kind;
import dev.graft.weights.LoadRules;
import dev.graft.weights.WeightLoader;
import dev.graft.weights.Weights;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WeightLoaderTest {

  private final Model source = tiny(4);
  private final Model target = tiny(4);

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  @Test
  void everyTensorIsCopied() {
    LoadReport report = WeightLoader.load(target, Weights.of(state(source)), LoadRules.strict());
    assertEquals(source.state().size(), report.of(Kind.LOADED).size());
    assertEquals(state(source), state(target));
  }

  @Test
  void whereSomethingIsWrongNothingIsCopied() {
    Map<String, HostTensor> before = state(target);
    Map<String, HostTensor> tensors = state(source);
    tensors.remove("fc.bias");
    tensors.put("extra", HostTensor.scalar(1f));
    Weights weights = Weights.of(tensors);
    LoadException e =
        assertThrows(
            LoadException.class, () -> WeightLoader.load(target, weights, LoadRules.strict()));
    assertEquals("fc.bias", e.report().of(Kind.MISSING).get(0).name());
    assertEquals("extra", e.report().of(Kind.UNEXPECTED).get(0).name());
    assertEquals(before, state(target));
  }

  @Test
  void aNewHeadKeepsItsInitialValues() {
    try (Model other = tiny(7)) {
      Map<String, HostTensor> before = state(other);
      LoadRules rules = LoadRules.strict().replaceable(Set.of("fc.weight", "fc.bias"));
      LoadReport report = WeightLoader.load(other, Weights.of(state(source)), rules);
      assertEquals(2, report.of(Kind.KEPT).size());
      assertEquals(before.get("fc.weight"), state(other).get("fc.weight"));
      assertEquals(state(source).get("conv1.weight"), state(other).get("conv1.weight"));
    }
  }

  @Test
  void aGreyFirstConvolutionIsSpreadOverThreeChannels() {
    Map<String, HostTensor> tensors = state(source);
    float[] grey = new float[6 * 9];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = i;
    }
    tensors.put("conv1.weight", HostTensor.of(grey, 6, 1, 3, 3));
    String first = WeightLoader.firstConvolution(target).orElseThrow();
    assertEquals("conv1.weight", first);
    LoadReport report =
        WeightLoader.load(target, Weights.of(tensors), LoadRules.strict().adaptable(Set.of(first)));
    assertEquals(1, report.of(Kind.ADAPTED).size());
    float[] loaded = state(target).get(first).toFloats();
    // Output channel 1, input channels 0 to 2, the first kernel cell.
    assertArrayEquals(
        new float[] {3, 3, 3}, new float[] {loaded[27], loaded[36], loaded[45]}, 1e-6f);
  }

  @Test
  void halfPrecisionIsWidened() {
    Map<String, HostTensor> tensors = state(source);
    ByteBuffer ones = ByteBuffer.allocate(8);
    for (int i = 0; i < 4; i++) {
      ones.put((byte) 0x80).put((byte) 0x3F);
    }
    tensors.put("fc.bias", new HostTensor(DType.BFLOAT16, new long[] {4}, ones.flip()));
    LoadReport report = WeightLoader.load(target, Weights.of(tensors), LoadRules.strict());
    assertEquals(tensors.size(), report.of(Kind.LOADED).size());
    assertArrayEquals(new float[] {1, 1, 1, 1}, state(target).get("fc.bias").toFloats());
    assertEquals(DType.FLOAT32, state(target).get("fc.bias").dtype());
  }

  @Test
  void nothingIsLeftBehind() {
    Weights weights = Weights.of(state(source));
    long before = Scope.liveTensors();
    LoadReport report = WeightLoader.load(target, weights, LoadRules.strict());
    assertEquals(weights.names().size(), report.entries().size());
    assertEquals(before, Scope.liveTensors());
  }

  @Test
  void theFirstConvolutionIsOptional() {
    assertEquals(Optional.of("conv1.weight"), WeightLoader.firstConvolution(source));
  }

  private static Model tiny(int labels) {
    return new Model(new ModelSpec("tiny", Map.of("num_labels", labels)), new TinyNetwork(labels));
  }

  private static Map<String, HostTensor> state(Model model) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> values.put(name, tensor.toHost()));
    }
    return values;
  }
}
