package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Dropout;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Reshape;
import dev.graft.model.Network;
import dev.graft.plan.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Assembles a RegNet. Block {@code j} is to have {@code w_0 + w_a j} channels; that is rounded to
 * the nearest {@code w_0 w_m^k} and then to a multiple of 8, and blocks of one width are a stage.
 */
final class RegNetNetwork {

  private static final long STEM = 32;
  private static final int QUANTUM = 8;

  private final StagedNetwork network = new StagedNetwork();
  private final Settings settings;
  private final boolean timm;

  private RegNetNetwork(Settings settings) {
    this.settings = settings;
    timm = settings.text("parameter_names").equals(RegNet.TIMM);
  }

  static Network build(Settings settings) {
    RegNetNetwork builder = new RegNetNetwork(settings);
    builder.network.stage("stem");
    new ConvUnit(3, STEM, 3, 2, 1, Function.RELU)
        .placeIn(builder.network, builder.names("stem"), ConvUnit.Style.DEFAULT);
    builder.head(builder.stages());
    InitialValues.mobileNet(builder.network);
    return builder.network;
  }

  /** Channels of each block. */
  static List<Integer> widths(int depth, double first, double slope, double factor) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      double exponent = Math.rint(Math.log((first + slope * i) / first) / Math.log(factor));
      widths.add((int) Math.rint(first * Math.pow(factor, exponent) / QUANTUM) * QUANTUM);
    }
    return widths;
  }

  private long stages() {
    List<Integer> widths =
        widths(
            settings.integer("depth"),
            settings.number("w_0"),
            settings.number("w_a"),
            settings.number("w_m"));
    long in = STEM;
    int stage = 0;
    int index = 0;
    for (int i = 0; i < widths.size(); i++) {
      boolean opens = i == 0 || !widths.get(i).equals(widths.get(i - 1));
      if (opens) {
        stage++;
        index = 0;
        network.stage("stage" + stage);
      }
      long group = Math.min(settings.integer("group_width"), widths.get(i));
      long out = Math.max(1, Math.round((double) widths.get(i) / group)) * group;
      String path =
          timm
              ? "s%d.b%d".formatted(stage, index + 1)
              : "trunk_output.block%d.block%d-%d".formatted(stage, stage, index);
      network.place(path, block(in, out, opens ? 2 : 1));
      in = out;
      index++;
    }
    return in;
  }

  /** Convolutions 1 × 1, 3 × 3 in groups, gates, 1 × 1; the sum with the shortcut is cut off. */
  private Residual block(long in, long out, int stride) {
    ConvUnit.Style style = ConvUnit.Style.DEFAULT;
    Residual block = new Residual();
    block.branch(true);
    if (in != out || stride != 1) {
      new ConvUnit(in, out, 1, stride, 1, Function.IDENTITY)
          .placeIn(block.projection(), names(timm ? "downsample" : "proj"), style);
    }
    ConvUnit.pointwise(in, out, Function.RELU).placeIn(block, names(timm ? "conv1" : "f.a"), style);
    long groups = out / Math.min(settings.integer("group_width"), out);
    new ConvUnit(out, out, 3, stride, groups, Function.RELU)
        .placeIn(block, names(timm ? "conv2" : "f.b"), style);
    double gates = settings.number("se_ratio");
    if (gates > 0) {
      block.place(
          timm ? "se" : "f.se", new SqueezeExcite(out, (long) Math.rint(in * gates), gates(timm)));
    }
    ConvUnit.pointwise(out, out, Function.IDENTITY)
        .placeIn(block, names(timm ? "conv3" : "f.c"), style);
    block.branch(false);
    block.place(timm ? "act3" : "activation", new Activation(Function.RELU));
    return block;
  }

  private static SqueezeExcite.Style gates(boolean timm) {
    return timm
        ? new SqueezeExcite.Style(
            Function.RELU, Function.SIGMOID, List.of("pool", "fc1", "act", "fc2", "gate"))
        : SqueezeExcite.Style.torchvision(Function.RELU, Function.SIGMOID);
  }

  private void head(long features) {
    if (timm) {
      network.place("final_conv", new Activation(Function.IDENTITY));
      network.place("head.global_pool", Reshape.globalAverage());
    } else {
      network.place("avgpool", Pool2d.adaptiveAverage(1, 1));
      network.step(x -> x.flatten(1));
    }
    network.stage("head");
    network.place(timm ? "head.drop" : "dropout", new Dropout(settings.number("dropout")));
    network.head(
        timm ? "head.fc" : "fc", new Linear(features, settings.integer("num_labels")), features);
  }

  private ConvUnit.Names names(String path) {
    return timm
        ? new ConvUnit.Names(path + ".conv", path + ".bn", "")
        : ConvUnit.Names.numbered(path);
  }
}
