package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Dropout;
import dev.graft.layers.Reshape;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * MobileNet, version 2: 17 inverted residuals. Groups: {@code stem}, {@code stage1} to {@code
 * stage5} by resolution, {@code top} (the last 1 × 1 convolution and the pool), {@code head}; the
 * features are the means over the last map.
 */
public final class MobileNetV2 implements ModelFamily {

  private static final String ID = "mobilenet_v2";
  private static final List<Setting> SETTINGS =
      MobileNetSettings.known(
          List.of(
              MobileNetSettings.TORCHVISION,
              MobileNetSettings.TF_SCOPE,
              MobileNetSettings.HUGGING_FACE),
          ConvUnit.Style.DEFAULT.eps());

  private static final long STEM_CHANNELS = 32;
  private static final long TOP_CHANNELS = 1280;

  /** Expansion, channels, blocks, stride of the first block. */
  private static final int[][] BLOCKS = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };

  @Override
  public About about() {
    return new About(
        ID,
        "MobileNet, version 2: inverted residuals and linear bottlenecks",
        "Sandler et al., \"MobileNetV2\", 2018, arXiv:1801.04381");
  }

  @Override
  public String modality() {
    return "image";
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    return MobileNetSettings.read(Published.of(config), ID)
        .renamed(Map.of("width_mult", "depth_multiplier"))
        .spec(ID, Published.COMMON, Map.of(ID, Map.of()), SETTINGS);
  }

  @Override
  public ModelSpec trainable(ModelSpec spec) {
    return MobileNetSettings.trainable(spec);
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    double width = settings.number("depth_multiplier");
    ConvUnit.Style conv = MobileNetSettings.style(settings);
    Naming naming = Naming.of(settings.text("parameter_names"));
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    long in = Channels.rounded(STEM_CHANNELS * width);
    new ConvUnit(3, in, 3, 2, 1, Activation.Function.RELU6).placeIn(network, naming.stem(), conv);
    int index = 0;
    for (int[] row : BLOCKS) {
      long out = Channels.rounded(row[1] * width);
      for (int i = 0; i < row[2]; i++) {
        int stride = i == 0 ? row[3] : 1;
        network.stageFor(stride);
        naming.place(
            network,
            index++,
            new InvertedResidual(in, in * row[0], out, 3, stride, 0, Activation.Function.RELU6),
            new InvertedResidual.Style(conv, null));
        in = out;
      }
    }
    network.stage("top");
    long features = Channels.rounded(TOP_CHANNELS * Math.max(1, width));
    ConvUnit.pointwise(in, features, Activation.Function.RELU6)
        .placeIn(network, naming.top(), conv);
    network.place("pooler", Reshape.globalAverage());
    network.stage("head");
    network.place(naming.dropout(), new Dropout(settings.number("dropout")));
    network.head(naming.head(), MobileNetSettings.classifier(settings, features), features);
    InitialValues.mobileNet(network);
    return network;
  }

  /**
   * Where the parts of the network are.
   *
   * @param stem first convolution
   * @param block path of a block by its position, from 0
   * @param parts paths within a block, by whether it has a first convolution
   * @param top last convolution
   * @param dropout in front of the classifier
   * @param head classifier
   */
  private record Naming(
      ConvUnit.Names stem,
      IntFunction<String> block,
      Function<Boolean, InvertedResidual.Names> parts,
      ConvUnit.Names top,
      String dropout,
      String head) {

    static Naming of(String name) {
      return switch (name) {
        case MobileNetSettings.TORCHVISION -> torchvision();
        case MobileNetSettings.TF_SCOPE -> scoped();
        case MobileNetSettings.HUGGING_FACE -> huggingFace();
        default -> throw new IllegalArgumentException("no parameter names '%s'".formatted(name));
      };
    }

    private static Naming torchvision() {
      return new Naming(
          ConvUnit.Names.numbered("features.0"),
          block -> "features." + (block + 1),
          expands -> {
            int next = expands ? 1 : 0;
            return new InvertedResidual.Names(
                ConvUnit.Names.numbered("conv.0"),
                ConvUnit.Names.numbered("conv." + next),
                new ConvUnit.Names("conv." + (next + 1), "conv." + (next + 2), ""));
          },
          ConvUnit.Names.numbered("features.18"),
          "classifier.0",
          "classifier.1");
    }

    private static Naming scoped() {
      return new Naming(
          ConvUnit.Names.scoped("Conv"),
          block -> block == 0 ? "expanded_conv" : "expanded_conv_" + block,
          expands ->
              new InvertedResidual.Names(
                  ConvUnit.Names.scoped("expand"),
                  ConvUnit.Names.scoped("depthwise"),
                  ConvUnit.Names.scoped("project")),
          ConvUnit.Names.scoped("Conv_1"),
          "dropout",
          "Logits");
    }

    /** The first block has no module of its own: its parts lie in the stem. */
    private static Naming huggingFace() {
      return new Naming(
          ConvUnit.Names.spelled("mobilenet_v2.conv_stem.first_conv"),
          block -> block == 0 ? "mobilenet_v2.conv_stem" : "mobilenet_v2.layer." + (block - 1),
          expands ->
              new InvertedResidual.Names(
                  ConvUnit.Names.spelled("expand_1x1"),
                  ConvUnit.Names.spelled("conv_3x3"),
                  ConvUnit.Names.spelled("reduce_1x1")),
          ConvUnit.Names.spelled("mobilenet_v2.conv_1x1"),
          "dropout",
          "classifier");
    }

    void place(
        StagedNetwork network, int index, InvertedResidual block, InvertedResidual.Style style) {
      InvertedResidual.Names names = parts.apply(block.expands());
      String path = this.block.apply(index);
      if (stem.conv().startsWith(path + ".")) {
        block.placeIn(network.below(path), names, style);
      } else {
        network.place(path, block.layer(names, style, 0));
      }
    }
  }
}
