package dev.graft.vision.family;

import dev.graft.layers.Activation.Function;
import dev.graft.layers.Dropout;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Reshape;
import dev.graft.model.Network;
import dev.graft.plan.Settings;

/** Assembles an EfficientNet: stem, seven stages of inverted residuals, 1 × 1 convolution, head. */
final class EfficientNetNetwork {

  private static final int STEM = 32;
  private static final int TOP = 1280;

  /** Expansion, kernel, stride of the first block, output channels, blocks. */
  private static final int[][] STAGES = {
    {1, 3, 1, 16, 1},
    {6, 3, 2, 24, 2},
    {6, 5, 2, 40, 2},
    {6, 3, 2, 80, 3},
    {6, 5, 1, 112, 3},
    {6, 5, 2, 192, 4},
    {6, 3, 1, 320, 1},
  };

  private final StagedNetwork network = new StagedNetwork();
  private final Settings settings;
  private final double width;
  private final boolean lite;
  private final boolean timm;
  private final Function activation;
  private final InvertedResidual.Style style;

  private EfficientNetNetwork(Settings settings) {
    this.settings = settings;
    width = settings.number("width_coefficient");
    lite = settings.flag("lite");
    timm = settings.text("parameter_names").equals(EfficientNet.TIMM);
    activation = lite ? Function.RELU6 : Function.SILU;
    ConvUnit.Style conv =
        new ConvUnit.Style(
            false,
            settings.text("padding").equals("tf_same"),
            settings.number("norm_eps"),
            settings.number("norm_momentum"));
    style =
        new InvertedResidual.Style(
            conv,
            timm
                ? SqueezeExcite.Style.timm(activation, Function.SIGMOID)
                : SqueezeExcite.Style.torchvision(activation, Function.SIGMOID));
  }

  static Network build(Settings settings) {
    EfficientNetNetwork builder = new EfficientNetNetwork(settings);
    long stem = builder.stem();
    long out = builder.blocks(stem);
    builder.topAndHead(out);
    InitialValues.efficientNet(builder.network);
    return builder.network;
  }

  private long stem() {
    long channels = lite ? STEM : Channels.rounded(STEM * width);
    network.stage("stem");
    new ConvUnit(3, channels, 3, 2, 1, activation)
        .placeIn(network, names("conv_stem", "bn1", "features.0"), style.conv());
    return channels;
  }

  private long blocks(long stem) {
    int total = 0;
    for (int stage = 0; stage < STAGES.length; stage++) {
      total += count(stage);
    }
    double drop = settings.number("stochastic_depth_prob");
    long in = stem;
    int done = 0;
    for (int stage = 0; stage < STAGES.length; stage++) {
      int[] row = STAGES[stage];
      long out = Channels.rounded(row[3] * width);
      for (int i = 0; i < count(stage); i++) {
        int stride = i == 0 ? row[2] : 1;
        InvertedResidual block =
            new InvertedResidual(
                in, in * row[0], out, row[1], stride, lite ? 0 : Math.max(1, in / 4), activation);
        network.stageFor(stride);
        network.place(
            timm ? "blocks.%d.%d".formatted(stage, i) : "features.%d.%d".formatted(stage + 1, i),
            block.layer(
                timm
                    ? InvertedResidual.Names.timm(block)
                    : InvertedResidual.Names.torchvision(block),
                style,
                drop * done++ / total));
        in = out;
      }
    }
    return in;
  }

  /** Number of blocks; the Lite networks do not repeat those of the first and last stage. */
  private int count(int stage) {
    boolean end = stage == 0 || stage == STAGES.length - 1;
    double depth = lite && end ? 1 : settings.number("depth_coefficient");
    return (int) Math.ceil(STAGES[stage][4] * depth);
  }

  private void topAndHead(long in) {
    long features = topChannels(in);
    network.stage("top");
    ConvUnit.pointwise(in, features, activation)
        .placeIn(network, names("conv_head", "bn2", "features.8"), style.conv());
    if (timm) {
      network.place("global_pool", Reshape.globalAverage());
    } else {
      network.place("avgpool", Pool2d.adaptiveAverage(1, 1));
      network.step(x -> x.flatten(1));
    }
    network.stage("head");
    network.place(timm ? "dropout" : "classifier.0", new Dropout(settings.number("dropout")));
    network.head(
        timm ? "classifier" : "classifier.1",
        new Linear(features, settings.integer("num_labels")),
        features);
  }

  private long topChannels(long in) {
    if (lite) {
      return TOP;
    }
    return timm ? Channels.rounded(TOP * width) : 4 * in;
  }

  private ConvUnit.Names names(String conv, String norm, String torchvision) {
    return timm ? new ConvUnit.Names(conv, norm, "") : ConvUnit.Names.numbered(torchvision);
  }
}
