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

/** Residual networks and the networks for CIFAR keep the promises of a family. */
class ResNetContractsTest {

  private abstract static class Images extends ModelFamilyContract {

    @Override
    protected final NamedTensors inputs() {
      float[] values = new float[2 * 3 * 32 * 32];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.sin(i * 0.37);
      }
      return NamedTensors.of("pixels", Tensor.of(values, 2, 3, 32, 32));
    }
  }

  @Nested
  class Residual extends Images {

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
  class Vgg extends Images {

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
}
