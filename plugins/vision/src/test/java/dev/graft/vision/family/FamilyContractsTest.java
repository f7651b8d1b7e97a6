package dev.graft.vision.family;

import dev.graft.spi.ModelFamily;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.contract.ModelFamilyContract;
import dev.graft.vision.family.cifar.CifarResNet;
import dev.graft.vision.family.cifar.CifarVgg;
import dev.graft.vision.family.cifar.CifarWideResNet;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The networks of torchvision and those for CIFAR keep the promises of a family. */
class FamilyContractsTest {

  private abstract static class Images extends ModelFamilyContract {

    /** Height and width of the pictures. */
    int side() {
      return 32;
    }

    @Override
    protected final NamedTensors inputs() {
      float[] values = new float[2 * 3 * side() * side()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.sin(i * 0.37);
      }
      return NamedTensors.of("pixels", Tensor.of(values, 2, 3, side(), side()));
    }
  }

  @Nested
  class TorchvisionResidual extends Images {

    @Override
    protected ModelFamily family() {
      return new ResNet();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of(
          "constructor", "torchvision.models.resnet18", "arguments", Map.of("num_classes", 5));
    }
  }

  @Nested
  class Cifar extends Images {

    @Override
    protected ModelFamily family() {
      return new CifarResNet();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("model_type", "resnet_cifar", "depth", 8, "shortcut", "A");
    }
  }

  @Nested
  class CifarChain extends Images {

    @Override
    protected ModelFamily family() {
      return new CifarVgg();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("model_type", "vgg_cifar", "depth", 8, "batch_norm", true);
    }
  }

  @Nested
  class Wide extends Images {

    @Override
    protected ModelFamily family() {
      return new CifarWideResNet();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("model_type", "wide_resnet_cifar", "depth", 10, "widen_factor", 1);
    }
  }

  @Nested
  class Alex extends Images {

    @Override
    protected ModelFamily family() {
      return new AlexNet();
    }

    @Override
    int side() {
      return 64;
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("constructor", "torchvision.models.alexnet");
    }
  }

  @Nested
  class VeryDeep extends Images {

    @Override
    protected ModelFamily family() {
      return new Vgg();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("constructor", "torchvision.models.vgg11_bn");
    }
  }

  @Nested
  class Dense extends Images {

    @Override
    protected ModelFamily family() {
      return new DenseNet();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("constructor", "torchvision.models.densenet121");
    }
  }

  @Nested
  class Squeeze extends Images {

    @Override
    protected ModelFamily family() {
      return new SqueezeNet();
    }

    @Override
    int side() {
      return 64;
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("constructor", "torchvision.models.squeezenet1_1");
    }
  }

  @Nested
  class SqueezeUnderCaffesNames extends Images {

    @Override
    protected ModelFamily family() {
      return new SqueezeNet();
    }

    @Override
    int side() {
      return 64;
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("model_type", "squeezenet", "version", "1_0", "parameter_names", "caffe");
    }
  }

  @Nested
  class WithSideHeads extends Images {

    @Override
    protected ModelFamily family() {
      return new GoogLeNet();
    }

    @Override
    int side() {
      return 64;
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("constructor", "torchvision.models.googlenet");
    }
  }

  @Nested
  class WithoutSideHead extends Images {

    @Override
    protected ModelFamily family() {
      return new InceptionV3();
    }

    @Override
    int side() {
      return 96;
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of(
          "constructor",
          "torchvision.models.inception_v3",
          "arguments",
          Map.of("aux_logits", false));
    }
  }
}
