package dev.graft.vision.family;

import dev.graft.layers.Activation.Function;
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

/**
 * MobileNet, version 1: 13 pairs of a convolution of each channel by itself and a 1 × 1
 * convolution. Groups: {@code stem}, {@code stage1} to {@code stage5} by resolution, {@code head};
 * the features are the means over the last map.
 */
public final class MobileNetV1 implements ModelFamily {

  private static final String ID = "mobilenet_v1";
  private static final List<Setting> SETTINGS =
      MobileNetSettings.known(
          List.of(MobileNetSettings.TF_SCOPE, MobileNetSettings.HUGGING_FACE),
          MobileNetSettings.TF_EPS);

  private static final long STEM_CHANNELS = 32;
  private static final long[] CHANNELS = {
    64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024
  };
  private static final List<Integer> HALVING = List.of(1, 3, 5, 11);
  private static final long MIN_CHANNELS = 8;

  @Override
  public About about() {
    return new About(
        ID,
        "MobileNet, version 1: depthwise separable convolutions",
        "Howard et al., \"MobileNets\", 2017, arXiv:1704.04861");
  }

  @Override
  public String modality() {
    return "image";
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    return MobileNetSettings.read(Published.of(config), ID).spec(ID, List.of(), Map.of(), SETTINGS);
  }

  @Override
  public ModelSpec trainable(ModelSpec spec) {
    return MobileNetSettings.trainable(spec);
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    boolean scoped = settings.text("parameter_names").equals(MobileNetSettings.TF_SCOPE);
    double width = settings.number("depth_multiplier");
    ConvUnit.Style style = MobileNetSettings.style(settings);
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    long in = channels(STEM_CHANNELS, width);
    new ConvUnit(3, in, 3, 2, 1, Function.RELU6)
        .placeIn(
            network,
            scoped
                ? ConvUnit.Names.scoped("Conv2d_0")
                : ConvUnit.Names.spelled("mobilenet_v1.conv_stem"),
            style);
    for (int i = 0; i < CHANNELS.length; i++) {
      int stride = HALVING.contains(i) ? 2 : 1;
      network.stageFor(stride);
      long out = channels(CHANNELS[i], width);
      ConvUnit.depthwise(in, 3, stride, Function.RELU6)
          .placeIn(network, names(scoped, i, "depthwise"), style);
      ConvUnit.pointwise(in, out, Function.RELU6)
          .placeIn(network, names(scoped, i, "pointwise"), style);
      in = out;
    }
    network.place("pooler", Reshape.globalAverage());
    network.stage("head");
    network.place("dropout", new Dropout(settings.number("dropout")));
    network.head(scoped ? "Logits" : "classifier", MobileNetSettings.classifier(settings, in), in);
    InitialValues.mobileNet(network);
    return network;
  }

  private static ConvUnit.Names names(boolean scoped, int pair, String part) {
    return scoped
        ? ConvUnit.Names.scoped("Conv2d_%d_%s".formatted(pair + 1, part))
        : ConvUnit.Names.spelled(
            "mobilenet_v1.layer." + (2 * pair + (part.equals("depthwise") ? 0 : 1)));
  }

  private static long channels(long full, double width) {
    return Math.max(MIN_CHANNELS, (long) (full * width));
  }
}
