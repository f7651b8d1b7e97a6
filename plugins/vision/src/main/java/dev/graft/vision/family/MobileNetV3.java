package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Reshape;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MobileNet, version 3, large and small, in the form of torchvision or of timm.
 *
 * <p>Groups: {@code stem}, {@code stage1} … by resolution, {@code top}, {@code head}. The published
 * classifier has a hidden layer. It belongs to {@code top}: fine-tuning replaces the last linear
 * layer alone, so the features are the 1280 (large) or 1024 (small) hidden values.
 */
public final class MobileNetV3 implements ModelFamily {

  private static final String ID = "mobilenet_v3";
  private static final String TORCHVISION = "torchvision";
  private static final String TIMM = "timm";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text("size", "large", List.of("large", "small"), "which of the two networks"),
          Setting.number("width_mult", 1, 0.1, 4, "factor of all numbers of channels"),
          Setting.flag("reduced_tail", false, "half the channels in the last stage"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "outputs of the classifier"),
          Setting.number("dropout", 0.2, 0, 0.99, "probability in front of the classifier"),
          Setting.text(
              "parameter_names",
              TORCHVISION,
              List.of(TORCHVISION, TIMM),
              "whose form and names the weights have"));

  private static final Map<String, Map<String, Object>> TORCHVISION_ARCHITECTURES =
      Map.of(
          "mobilenet_v3_large", Map.of("size", "large"),
          "mobilenet_v3_small", Map.of("size", "small"));

  private static final Published.Libraries LIBRARIES =
      new Published.Libraries(
          TORCHVISION_ARCHITECTURES, timmArchitectures(), Map.of("drop_rate", "dropout"));

  private static Map<String, Map<String, Object>> timmArchitectures() {
    Map<String, Map<String, Object>> names = new LinkedHashMap<>();
    for (String size : List.of("large", "small")) {
      for (int percent : List.of(50, 75, 100)) {
        names.put(
            "mobilenetv3_%s_%03d".formatted(size, percent),
            Map.of(
                "size",
                size,
                "width_mult",
                percent / 100.0,
                "dropout",
                0,
                "parameter_names",
                TIMM));
      }
    }
    return names;
  }

  @Override
  public About about() {
    return new About(
        ID,
        "MobileNet, version 3: inverted residuals with gates and hard swish",
        "Howard et al., \"Searching for MobileNetV3\", 2019, arXiv:1905.02244");
  }

  @Override
  public String modality() {
    return "image";
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    return Published.of(config).spec(ID, LIBRARIES, SETTINGS);
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    Network network =
        settings.text("parameter_names").equals(TIMM) ? timm(settings) : torchvision(settings);
    InitialValues.mobileNet(network);
    return network;
  }

  private static Network torchvision(Settings settings) {
    double width = settings.number("width_mult");
    ConvUnit.Style conv = new ConvUnit.Style(false, false, 1e-3, 0.01);
    InvertedResidual.Style style =
        new InvertedResidual.Style(
            conv, SqueezeExcite.Style.torchvision(Function.RELU, Function.HARDSIGMOID));
    MobileNetV3Table table = table(settings);
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    long in = Channels.rounded(MobileNetV3Table.STEM * width);
    new ConvUnit(3, in, 3, 2, 1, Function.HARDSWISH)
        .placeIn(network, ConvUnit.Names.numbered("features.0"), conv);
    int index = 1;
    for (MobileNetV3Table.Row row : table.rows()) {
      InvertedResidual block = row.block(in, row.hidden() * width, row.out() * width);
      network.stageFor(row.stride());
      network.place(
          "features." + index++, block.layer(InvertedResidual.Names.torchvision(block), style, 0));
      in = block.out();
    }
    network.stage("top");
    ConvUnit.pointwise(in, 6 * in, Function.HARDSWISH)
        .placeIn(network, ConvUnit.Names.numbered("features." + index), conv);
    network.place("avgpool", Pool2d.adaptiveAverage(1, 1));
    network.step(x -> x.flatten(1));
    long features = Channels.rounded(table.features() * width);
    network.place("classifier.0", new Linear(6 * in, features));
    network.place("classifier.1", new Activation(Function.HARDSWISH));
    network.stage("head");
    network.place("classifier.2", new Dropout(settings.number("dropout")));
    network.head("classifier.3", new Linear(features, settings.integer("num_labels")), features);
    return network;
  }

  /**
   * Timm numbers blocks within stages of equal width, rounds hidden channels after multiplying the
   * narrowed input, pools before the hidden layer, and narrows neither that nor a thin stem.
   */
  private static Network timm(Settings settings) {
    double width = settings.number("width_mult");
    ConvUnit.Style conv = ConvUnit.Style.DEFAULT;
    InvertedResidual.Style style =
        new InvertedResidual.Style(
            conv, SqueezeExcite.Style.timm(Function.RELU, Function.HARDSIGMOID));
    MobileNetV3Table table = table(settings);
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    long in =
        width < 0.75 ? MobileNetV3Table.STEM : Channels.rounded(MobileNetV3Table.STEM * width);
    new ConvUnit(3, in, 3, 2, 1, Function.HARDSWISH)
        .placeIn(network, new ConvUnit.Names("conv_stem", "bn1", ""), conv);
    int stage = -1;
    int index = 0;
    MobileNetV3Table.Row previous = null;
    for (MobileNetV3Table.Row row : table.rows()) {
      boolean same = previous != null && previous.out() == row.out();
      stage = same ? stage : stage + 1;
      index = same ? index + 1 : 0;
      double ratio = (double) row.hidden() / row.in();
      InvertedResidual block = row.block(in, in * ratio, row.out() * width);
      network.stageFor(row.stride());
      network.place(
          "blocks.%d.%d".formatted(stage, index),
          block.layer(InvertedResidual.Names.timm(block), style, 0));
      in = block.out();
      previous = row;
    }
    network.stage("top");
    String last = "blocks.%d.0.".formatted(stage + 1);
    long wide = Channels.rounded(6 * previous.out() * width);
    ConvUnit.pointwise(in, wide, Function.HARDSWISH)
        .placeIn(network, new ConvUnit.Names(last + "conv", last + "bn1", ""), conv);
    network.place("global_pool", Pool2d.adaptiveAverage(1, 1));
    long features = table.features();
    network.place("conv_head", new Conv2d(Conv2d.Spec.of(wide, features, 1).bias(true)));
    network.place("norm_head", new Activation(Function.IDENTITY));
    network.place("act2", new Activation(Function.HARDSWISH));
    network.place("flatten", Reshape.flatten());
    network.stage("head");
    network.place("dropout", new Dropout(settings.number("dropout")));
    network.head("classifier", new Linear(features, settings.integer("num_labels")), features);
    return network;
  }

  private static MobileNetV3Table table(Settings settings) {
    boolean reduced = settings.flag("reduced_tail");
    return settings.text("size").equals("large")
        ? MobileNetV3Table.large(reduced)
        : MobileNetV3Table.small(reduced);
  }
}
