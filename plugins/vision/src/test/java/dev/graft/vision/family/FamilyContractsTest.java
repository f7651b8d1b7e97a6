package dev.graft.vision.family;

import dev.graft.vision.family.cifar.CifarResNet;
import dev.graft.vision.family.cifar.CifarVgg;
import dev.graft.vision.family.cifar.CifarWideResNet;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The networks of torchvision and those for CIFAR keep the promises of a family. */
class FamilyContractsTest {

  @Nested
  class TorchvisionResidual extends ImageFamilyContract {

    TorchvisionResidual() {
      super(
          new ResNet(),
          32,
          Map.of(
              "constructor", "torchvision.models.resnet18", "arguments", Map.of("num_classes", 5)));
    }
  }

  @Nested
  class Cifar extends ImageFamilyContract {

    Cifar() {
      super(
          new CifarResNet(), 32, Map.of("model_type", "resnet_cifar", "depth", 8, "shortcut", "A"));
    }
  }

  @Nested
  class CifarChain extends ImageFamilyContract {

    CifarChain() {
      super(new CifarVgg(), 32, Map.of("model_type", "vgg_cifar", "depth", 8, "batch_norm", true));
    }
  }

  @Nested
  class Wide extends ImageFamilyContract {

    Wide() {
      super(
          new CifarWideResNet(),
          32,
          Map.of("model_type", "wide_resnet_cifar", "depth", 10, "widen_factor", 1));
    }
  }

  @Nested
  class Alex extends ImageFamilyContract {

    Alex() {
      super(new AlexNet(), 64, Map.of("constructor", "torchvision.models.alexnet"));
    }
  }

  @Nested
  class VeryDeep extends ImageFamilyContract {

    VeryDeep() {
      super(new Vgg(), 32, Map.of("constructor", "torchvision.models.vgg11_bn"));
    }
  }

  @Nested
  class Dense extends ImageFamilyContract {

    Dense() {
      super(new DenseNet(), 32, Map.of("constructor", "torchvision.models.densenet121"));
    }
  }

  @Nested
  class Squeeze extends ImageFamilyContract {

    Squeeze() {
      super(new SqueezeNet(), 64, Map.of("constructor", "torchvision.models.squeezenet1_1"));
    }
  }

  @Nested
  class SqueezeUnderCaffesNames extends ImageFamilyContract {

    SqueezeUnderCaffesNames() {
      super(
          new SqueezeNet(),
          64,
          Map.of("model_type", "squeezenet", "version", "1_0", "parameter_names", "caffe"));
    }
  }

  @Nested
  class WithSideHeads extends ImageFamilyContract {

    WithSideHeads() {
      super(new GoogLeNet(), 64, Map.of("constructor", "torchvision.models.googlenet"));
    }
  }

  @Nested
  class WithoutSideHead extends ImageFamilyContract {

    WithoutSideHead() {
      super(
          new InceptionV3(),
          96,
          Map.of(
              "constructor",
              "torchvision.models.inception_v3",
              "arguments",
              Map.of("aux_logits", false)));
    }
  }
}
