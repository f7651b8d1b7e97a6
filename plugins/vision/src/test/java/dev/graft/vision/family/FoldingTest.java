package dev.graft.vision.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Conv2d;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a network declares as foldable computes the same when it is folded. */
class FoldingTest {

  @ParameterizedTest
  @CsvSource({
    "torchvision.models.resnet18, 20",
    "torchvision.models.densenet121, 59",
    "torchvision.models.googlenet, 59",
    "mdistiller.models.cifar.resnet.resnet8, 9",
    "mdistiller.models.cifar.wrn.wrn_16_1, 6",
    "mdistiller.models.cifar.vgg.vgg8_bn, 5",
    "torchvision.models.squeezenet1_1, 0",
  })
  void foldedPairsComputeTheSame(String constructor, int pairs) {
    RandomState.seed(3);
    Map<String, Object> config =
        Map.of("constructor", constructor, "arguments", Map.of("num_classes", 5));
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Model model = Networks.build(Networks.spec(config))) {
      Tensor pixels = Tensor.randn(2, 3, 64, 64);
      model.network().setTrainingAll(true);
      Tensor moved = Networks.logits(model, pixels);
      assertEquals(5, moved.size(1), "a pass that moves the statistics");
      model.network().setTrainingAll(false);
      Tensor before = Networks.logits(model, pixels);
      Map<String, String> foldable = model.network().normalisedConvolutions();
      assertEquals(pairs, foldable.size());
      foldable.forEach((conv, norm) -> fold(model, conv, norm));
      double largest = before.abs().max().item();
      assertArrayEquals(
          before.toFloats(), Networks.logits(model, pixels).toFloats(), (float) (1e-4 * largest));
    }
  }

  /** Moves what the normalisation multiplies by into the convolution; leaves it the shift. */
  private static void fold(Model model, String convPath, String normPath) {
    Conv2d conv = (Conv2d) Modules.child(model.network(), convPath).layer();
    BatchNorm2d norm = (BatchNorm2d) Modules.child(model.network(), normPath).layer();
    Tensor weight = norm.parameters().get("weight").tensor();
    Tensor mean = norm.buffers().get("running_mean");
    Tensor var = norm.buffers().get("running_var");
    Tensor scale = weight.mul(var.add(norm.eps()).rsqrt());
    Tensor offset = conv.bias() == null ? mean : mean.sub(conv.bias());
    norm.parameters().get("bias").tensor().addInPlace(offset.mul(scale), -1);
    conv.weight().copyInPlace(conv.weight().mul(scale.reshape(-1, 1, 1, 1)));
    if (conv.bias() != null) {
      conv.bias().fillInPlace(0);
    }
    weight.fillInPlace(1);
    mean.fillInPlace(0);
    var.fillInPlace(1 - norm.eps());
  }
}
