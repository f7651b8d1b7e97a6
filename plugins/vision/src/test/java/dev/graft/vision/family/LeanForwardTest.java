package dev.graft.vision.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.layers.Conv2d;
import dev.graft.model.Model;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A forward pass keeps nothing but its result, and pads without copying. */
class LeanForwardTest {

  @ParameterizedTest
  @CsvSource({"mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0", "resnet18", "vit_b_32"})
  void intermediateResultsAreFreedOnTheWay(String name) {
    Map<String, Object> arguments =
        name.startsWith("vit") ? Map.of("num_classes", 5, "image_size", 64) : Map.of();
    try (Model model = Networks.torchvision(name, arguments);
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      NamedTensors pixels = NamedTensors.of("pixels", Tensor.zeros(1, 3, 64, 64));
      long before = Scope.liveTensors();
      assertEquals(1, model.forward(pixels).names().size());
      assertTrue(
          Scope.liveTensors() - before <= 3,
          "%d tensors are left".formatted(Scope.liveTensors() - before));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, 2, 8, 8",
    "3, 2, 9, 8",
    "5, 2, 8, 10",
    "7, 2, 12, 12",
    "4, 1, 6, 6",
    "3, 3, 7, 8"
  })
  void paddingOfTensorFlowIsThatOfAPaddedCopy(long kernel, long stride, long height, long width) {
    try (Scope scope = Scope.open();
        Conv2d conv = new Conv2d(Conv2d.Spec.of(2, 4, kernel).stride(stride).same(true))) {
      Tensor x = Tensor.randn(2, 2, height, width);
      long[] rows = padding(height, kernel, stride);
      long[] columns = padding(width, kernel, stride);
      Tensor padded = Nn.pad(x, new long[] {columns[0], columns[1], rows[0], rows[1]}, 0);
      long[] step = {stride, stride};
      Tensor expected =
          Nn.conv2d(padded, conv.weight(), null, step, new long[] {0, 0}, new long[] {1, 1}, 1);
      Tensor actual = conv.apply(x);
      assertArrayEquals(expected.shape(), actual.shape());
      assertArrayEquals(expected.toFloats(), actual.toFloats(), 1e-5f);
    }
  }

  /** Zeros in front and behind: as many outputs as strides fit into the size, rounded up. */
  private static long[] padding(long size, long kernel, long stride) {
    long outputs = (size + stride - 1) / stride;
    long total = Math.max(0, (outputs - 1) * stride + kernel - size);
    return new long[] {total / 2, total - total / 2};
  }
}
