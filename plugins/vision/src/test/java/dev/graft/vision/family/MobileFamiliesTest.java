package dev.graft.vision.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.layers.Module;
import dev.graft.layers.Taps;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MobileNets, EfficientNet and vision transformers are built as their configurations say. */
class MobileFamiliesTest {

  @ParameterizedTest
  @CsvSource({
    "torchvision.models.mobilenet_v2, 3504872",
    "torchvision.models.mobilenet_v3_large, 5483032",
    "torchvision.models.mobilenet_v3_small, 2542856",
    "torchvision.models.efficientnet_b0, 5288548",
    "torchvision.models.efficientnet_b1, 7794184",
    "torchvision.models.efficientnet_b2, 9109994",
    "torchvision.models.efficientnet_b3, 12233232",
    "torchvision.models.regnet_x_400mf, 5495976",
    "torchvision.models.regnet_x_1_6gf, 9190136",
    "torchvision.models.regnet_y_800mf, 6432512",
    "torchvision.models.regnet_y_1_6gf, 11202430",
    "timm.create_model(\"regnety_016\"), 11202430",
    "timm.create_model(\"efficientnet_b0\"), 5288548",
    "timm.create_model(\"vit_tiny_patch16_224\"), 5717416",
    "timm.create_model(\"deit_small_patch16_224\"), 22050664",
  })
  void hasThePublishedNumberOfParameters(String constructor, long parameters) {
    try (Model model = Networks.build(Networks.spec(Map.of("constructor", constructor)))) {
      assertEquals(parameters, model.parameterCount());
    }
  }

  @Test
  void groupsFollowTheResolution() {
    try (Model model = Networks.torchvision("mobilenet_v2", Map.of())) {
      assertEquals(
          List.of("stem", "stage1", "stage2", "stage3", "stage4", "stage5", "top", "head"),
          model.groups().stream().map(Group::name).toList());
      assertEquals("stage4", model.groupOf("features.7.conv.0.0.weight"));
      assertEquals("stage4", model.groupOf("features.13.conv.3.bias"));
      assertEquals("stage5", model.groupOf("features.14.conv.0.0.weight"));
    }
  }

  @Test
  void aTransformerHasAGroupPerBlock() {
    try (Model model = Networks.timm("vit_tiny_patch16_224", Map.of("depth", 2))) {
      assertEquals(
          List.of("patch_embed", "blocks.0", "blocks.1", "norm", "head"),
          model.groups().stream().map(Group::name).toList());
      assertEquals("patch_embed", model.groupOf("cls_token"));
    }
  }

  @Test
  void theHiddenLayerOfVersion3BelongsToTheFeatures() {
    try (Model model = Networks.torchvision("mobilenet_v3_small", Map.of())) {
      assertEquals("top", model.groupOf("classifier.0.weight"));
      assertEquals("head", model.groupOf("classifier.3.weight"));
      assertEquals(1024, model.featureCount());
    }
  }

  @Test
  void everyConvolutionOfATrainableMobileNetIsNormalised() {
    for (String family : List.of("mobilenet_v1", "mobilenet_v2")) {
      try (Model model =
          Networks.build(
              Networks.spec(Map.of("model_type", family, "parameter_names", "tf_scope")))) {
        Map<String, String> pairs = model.network().normalisedConvolutions();
        assertEquals(family.endsWith("1") ? 27 : 52, pairs.size());
        pairs.forEach((conv, norm) -> assertEquals(conv + "_bn", norm));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf_scope", "huggingface"})
  void otherNamesForTheSameMobileNet(String names) {
    Map<String, Object> config =
        Map.of(
            "model_type",
            "mobilenet_v2",
            "parameter_names",
            names,
            "depth_multiplier",
            0.35,
            "num_labels",
            5,
            "norm_eps",
            1e-5,
            "padding",
            "symmetric");
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Model one =
            Networks.torchvision("mobilenet_v2", Map.of("width_mult", 0.35, "num_classes", 5));
        Model two = Networks.build(Networks.spec(config))) {
      copyInOrder(one, two);
      Tensor pixels = Tensor.randn(2, 3, 64, 64);
      assertArrayEquals(
          Networks.logits(one, pixels).toFloats(), Networks.logits(two, pixels).toFloats());
    }
  }

  @Test
  void transformersNamesOfMobileNets() {
    try (Model one =
            Networks.build(
                Networks.spec(Map.of("model_type", "mobilenet_v1", "num_labels", 1001)));
        Model two =
            Networks.build(
                Networks.spec(Map.of("model_type", "mobilenet_v2", "num_labels", 1001)))) {
      for (String name :
          List.of(
              "mobilenet_v1.conv_stem.convolution.weight",
              "mobilenet_v1.layer.0.normalization.running_mean",
              "mobilenet_v1.layer.25.convolution.weight",
              "classifier.bias")) {
        assertTrue(one.state().containsKey(name), name);
      }
      for (String name :
          List.of(
              "mobilenet_v2.conv_stem.first_conv.convolution.weight",
              "mobilenet_v2.conv_stem.conv_3x3.normalization.weight",
              "mobilenet_v2.conv_stem.reduce_1x1.convolution.weight",
              "mobilenet_v2.layer.0.expand_1x1.convolution.weight",
              "mobilenet_v2.layer.15.reduce_1x1.normalization.bias",
              "mobilenet_v2.conv_1x1.convolution.weight",
              "classifier.weight")) {
        assertTrue(two.state().containsKey(name), name);
      }
    }
  }

  @Test
  void theThreeFormsOfATransformerComputeTheSame() {
    Map<String, Object> sizes =
        Map.of(
            "image_size", 32,
            "patch_size", 8,
            "hidden_size", 24,
            "num_hidden_layers", 2,
            "num_attention_heads", 3,
            "intermediate_size", 48,
            "layer_norm_eps", 1e-6,
            "num_labels", 5);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Model timm = transformer(sizes, "timm");
        Model huggingFace = transformer(sizes, "huggingface");
        Model torchvision = transformer(sizes, "torchvision")) {
      timm.parameters()
          .values()
          .forEach(p -> p.tensor().copyInPlace(Tensor.randn(p.tensor().shape())));
      Map<String, Tensor> source = timm.state();
      huggingFace.state().forEach((name, tensor) -> tensor.copyInPlace(fromTimm(name, source)));
      torchvision.state().forEach((name, tensor) -> tensor.copyInPlace(fromTimm(name, source)));
      Tensor pixels = Tensor.randn(2, 3, 32, 32);
      float[] expected = Networks.logits(timm, pixels).toFloats();
      assertArrayEquals(expected, Networks.logits(huggingFace, pixels).toFloats(), 1e-3f);
      assertArrayEquals(expected, Networks.logits(torchvision, pixels).toFloats(), 1e-3f);
    }
  }

  private static Model transformer(Map<String, Object> sizes, String names) {
    Map<String, Object> config = new LinkedHashMap<>(sizes);
    config.put("model_type", "vit");
    config.put("parameter_names", names);
    return Networks.build(Networks.spec(config));
  }

  /** The value that timm's state has for a name of another library. */
  private static Tensor fromTimm(String name, Map<String, Tensor> timm) {
    String own =
        name.replaceFirst("^vit\\.", "")
            .replace("embeddings.patch_embeddings.projection", "patch_embed.proj")
            .replace("conv_proj", "patch_embed.proj")
            .replaceFirst("^(embeddings\\.cls_token|class_token)$", "cls_token")
            .replaceFirst(
                "^(embeddings\\.position_embeddings|encoder\\.pos_embedding)$", "pos_embed")
            .replaceFirst("^encoder\\.(layer\\.|layers\\.encoder_layer_)", "blocks.")
            .replaceFirst("^(layernorm|encoder\\.ln)\\.", "norm.")
            .replace("layernorm_before", "norm1")
            .replace("layernorm_after", "norm2")
            .replace("ln_1", "norm1")
            .replace("ln_2", "norm2")
            .replace("attention.output.dense", "attn.proj")
            .replace("self_attention.out_proj", "attn.proj")
            .replace("self_attention.in_proj_", "attn.qkv.")
            .replace("intermediate.dense", "mlp.fc1")
            .replaceFirst("\\.output\\.dense", ".mlp.fc2")
            .replace("mlp.0", "mlp.fc1")
            .replace("mlp.3", "mlp.fc2")
            .replaceFirst("^(classifier|heads\\.head)\\.", "head.");
    List<String> separate = List.of("query", "key", "value");
    for (int i = 0; i < separate.size(); i++) {
      String part = "attention.attention." + separate.get(i);
      if (own.contains(part)) {
        Tensor joint = timm.get(own.replace(part, "attn.qkv"));
        long size = joint.size(0) / 3;
        return joint.narrow(0, i * size, size);
      }
    }
    if (!timm.containsKey(own)) {
      throw new AssertionError(name + " became " + own + ", not in " + timm.keySet());
    }
    return timm.get(own);
  }

  /** Groups call the children of containers; taps hear of each container all the same, once. */
  @Test
  void containersAreAnnouncedAfterTheirLastChild() {
    Map<String, Object> config =
        Map.of("model_type", "vit", "num_hidden_layers", 1, "image_size", 32);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Model model = Networks.build(Networks.spec(config))) {
      IdentityHashMap<Module, String> paths = new IdentityHashMap<>();
      model.modules().forEach((path, module) -> paths.put(module, path));
      List<String> heard = new ArrayList<>();
      Taps.Listener listener =
          (module, output) -> {
            heard.add(paths.get(module));
            return output;
          };
      try (Taps taps = Taps.set(listener)) {
        assertEquals(2, Networks.logits(model, Tensor.zeros(1, 3, 32, 32)).size(1));
      }
      heard.removeIf(path -> path.startsWith("vit.encoder.layer.0."));
      assertEquals(
          List.of(
              "vit.embeddings.patch_embeddings.projection",
              "vit.embeddings.patch_embeddings",
              "vit.embeddings.dropout",
              "vit.embeddings",
              "vit.encoder.layer.0",
              "vit.encoder.layer",
              "vit.encoder",
              "vit.layernorm",
              "vit",
              "dropout",
              "classifier"),
          heard);
    }
  }

  @Test
  void anInputOfAnotherSizeIsRefusedByName() {
    try (Scope scope = Scope.open();
        Model model = Networks.timm("vit_tiny_patch16_224", Map.of("depth", 1, "img_size", 64))) {
      Tensor pixels = Tensor.zeros(1, 3, 96, 96);
      String message =
          assertThrows(IllegalArgumentException.class, () -> Networks.logits(model, pixels))
              .getMessage();
      assertTrue(message.contains("36 patches") && message.contains("64 pixels"), message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalisation | group_norm | batch_norm, folded",
        "padding | valid | symmetric, tf_same",
        "parameter_names | keras | torchvision, tf_scope, huggingface",
        "depth_multiplier | 0 | from 0.1 to 4",
        "alpha | 1 | depth_multiplier",
      })
  void anUnknownSettingIsRefusedWithWhatIsAllowed(String key, String value, String allowed) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "mobilenet_v2");
    config.put("parameter_names", "tf_scope");
    config.put(key, value);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Networks.spec(config)).getMessage();
    assertTrue(message.contains(key) && message.contains(allowed), message);
  }

  @Test
  void whatCannotBeBuiltIsRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Networks.spec(Map.of("model_type", "mobilenet_v2", "output_stride", 16)))
            .getMessage();
    assertTrue(message.contains("output_stride") && message.contains("32"), message);
  }

  private static void copyInOrder(Model from, Model to) {
    List<Tensor> source = new ArrayList<>(from.state().values());
    List<Tensor> target = new ArrayList<>(to.state().values());
    assertEquals(source.size(), target.size());
    for (int i = 0; i < source.size(); i++) {
      assertArrayEquals(source.get(i).shape(), target.get(i).shape());
      target.get(i).copyInPlace(source.get(i));
    }
  }
}
