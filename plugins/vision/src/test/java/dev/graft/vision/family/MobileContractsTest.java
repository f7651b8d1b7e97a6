package dev.graft.vision.family;

import java.util.Map;
import org.junit.jupiter.api.Nested;

/** MobileNets, EfficientNet and vision transformers keep the promises of a family. */
class MobileContractsTest {

  @Nested
  class Version1 extends ImageFamilyContract {

    Version1() {
      super(
          new MobileNetV1(),
          64,
          Map.of(
              "model_type", "mobilenet_v1",
              "depth_multiplier", 0.25,
              "num_labels", 5,
              "normalisation", "folded",
              "padding", "tf_same",
              "parameter_names", "tf_scope"));
    }
  }

  /** With the classifier of slim: a 1 x 1 convolution. */
  @Nested
  class Version2OfTensorFlow extends ImageFamilyContract {

    Version2OfTensorFlow() {
      super(
          new MobileNetV2(),
          64,
          Map.of(
              "model_type", "mobilenet_v2",
              "depth_multiplier", 0.35,
              "num_labels", 1001,
              "normalisation", "folded",
              "padding", "tf_same",
              "parameter_names", "tf_scope"));
    }
  }

  @Nested
  class Version2OfTransformers extends ImageFamilyContract {

    Version2OfTransformers() {
      super(
          new MobileNetV2(),
          64,
          Map.of(
              "model_type", "mobilenet_v2",
              "depth_multiplier", 0.35,
              "id2label", Map.of("0", "cat", "1", "dog", "2", "none"),
              "expand_ratio", 6.0,
              "initializer_range", 0.02));
    }
  }

  @Nested
  class Version3 extends ImageFamilyContract {

    Version3() {
      super(
          new MobileNetV3(),
          64,
          Map.of(
              "constructor",
              "torchvision.models.mobilenet_v3_small",
              "arguments",
              Map.of("num_classes", 5, "width_mult", 0.5, "reduced_tail", true)));
    }
  }

  @Nested
  class Efficient extends ImageFamilyContract {

    Efficient() {
      super(
          new EfficientNet(),
          64,
          Map.of("model_type", "efficientnet", "width_coefficient", 0.25, "num_labels", 5));
    }
  }

  @Nested
  class Transformer extends ImageFamilyContract {

    Transformer() {
      super(
          new VisionTransformer(),
          64,
          Map.of(
              "architecture",
              "vit_tiny_patch16_224.augreg_in21k",
              "num_classes",
              5,
              "model_args",
              Map.of("img_size", 64, "depth", 3, "drop_path_rate", 0.1)));
    }
  }

  @Nested
  class Regular extends ImageFamilyContract {

    Regular() {
      super(
          new RegNet(),
          64,
          Map.of(
              "model_type", "regnet",
              "depth", 5,
              "w_0", 16,
              "w_a", 16,
              "w_m", 2,
              "group_width", 8,
              "se_ratio", 0.25,
              "num_labels", 5));
    }
  }

  @Nested
  class Mixer extends ImageFamilyContract {

    Mixer() {
      super(
          new MlpMixer(),
          64,
          Map.of(
              "constructor",
              "timm.create_model(\"mixer_s32_224\")",
              "arguments",
              Map.of("img_size", 64, "num_blocks", 2, "num_classes", 5, "drop_path_rate", 0.2)));
    }
  }
}
