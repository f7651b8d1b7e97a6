package dev.graft.vision.family;

import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Initial;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Reshape;
import dev.graft.layers.Sequential;
import dev.graft.model.ModelSpec;
import dev.graft.model.Modules;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Inception v3 in the form and with the parameter names of torchvision; best at 299 pixels. */
public final class InceptionV3 implements ModelFamily {

  private static final String ID = "inception_v3";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.flag("aux_logits", true, "a side head, which computes in training mode"),
          Setting.flag("transform_input", false, "bring ImageNet's pixel scale to that of 2014"),
          Setting.flag("init_weights", true, "initial values of the library, else the layers' own"),
          Setting.number("dropout", 0.5, 0, 0.99, "probability before the classifier"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "classes"));

  @Override
  public About about() {
    return new About(
        ID,
        "inception modules with convolutions split into rows and columns",
        "Szegedy et al. 2016, arXiv:1512.00567");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    Published published = Published.of(config);
    EnumSet<Published.Origin> from = EnumSet.copyOf(Published.COMMON);
    from.add(Published.Origin.TIMM);
    boolean timm = published.origin() == Published.Origin.TIMM;
    Map<String, Object> defaults = timm ? Map.of("aux_logits", false) : Map.of();
    return published.spec(ID, from, Map.of(ID, defaults), SETTINGS);
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    StagedNetwork network = new StagedNetwork();
    placeStem(network, settings.flag("transform_input"));
    network.stage("mixed5");
    network.place("Mixed_5b", blockA(192, 32));
    network.place("Mixed_5c", blockA(256, 64));
    network.place("Mixed_5d", blockA(288, 64));
    network.stage("mixed6");
    network.place("Mixed_6a", blockB(288));
    network.place("Mixed_6b", blockC(128));
    network.place("Mixed_6c", blockC(160));
    network.place("Mixed_6d", blockC(160));
    network.place("Mixed_6e", blockC(192));
    if (settings.flag("aux_logits")) {
      network.sideHead("AuxLogits", side(settings.integer("num_labels")), "aux_logits");
    }
    network.stage("mixed7");
    network.place("Mixed_7a", blockD());
    network.place("Mixed_7b", blockE(1280));
    network.place("Mixed_7c", blockE(2048));
    network.place("avgpool", Pool2d.adaptiveAverage(1, 1));
    network.step(x -> x.flatten(1));
    network.stage("head");
    network.place("dropout", new Dropout(settings.number("dropout")));
    network.head("fc", new Linear(2048, settings.integer("num_labels")), 2048);
    initialise(network, settings);
    return network;
  }

  @Override
  public String modality() {
    return "image";
  }

  private static void placeStem(StagedNetwork network, boolean transformInput) {
    network.stage("stem");
    if (transformInput) {
      network.step(InceptionConv::halfScaled);
    }
    network.place("Conv2d_1a_3x3", new InceptionConv(Conv2d.Spec.of(3, 32, 3).stride(2)));
    network.place("Conv2d_2a_3x3", new InceptionConv(Conv2d.Spec.of(32, 32, 3)));
    network.place("Conv2d_2b_3x3", conv(32, 64, 3, 3));
    network.place("maxpool1", halve());
    network.place("Conv2d_3b_1x1", conv(64, 80, 1, 1));
    network.place("Conv2d_4a_3x3", new InceptionConv(Conv2d.Spec.of(80, 192, 3)));
    network.place("maxpool2", halve());
  }

  private static void initialise(Network network, Settings settings) {
    if (!settings.flag("init_weights")) {
      InitialValues.convolutions(network, Initial::fanIn);
      return;
    }
    // The library cuts the normal distribution at ±2, which is 20 deviations away.
    InitialValues.convolutions(network, shape -> Initial.normal(0.1, shape));
    InitialValues.linears(network, shape -> Initial.normal(0.1, shape));
    if (settings.flag("aux_logits")) {
      Layer conv1 = Modules.child(network, "AuxLogits.conv1").layer();
      InitialValues.convolutions(conv1, shape -> Initial.normal(0.01, shape));
      Layer fc = Modules.child(network, "AuxLogits.fc").layer();
      InitialValues.linears(fc, shape -> Initial.normal(0.001, shape));
    }
  }

  /** A convolution that keeps height and width. */
  private static Layer conv(int in, int out, int height, int width) {
    return new InceptionConv(
        Conv2d.Spec.of(in, out, 1).kernel(height, width).padding(height / 2, width / 2));
  }

  private static Layer conv(int in, int out) {
    return conv(in, out, 1, 1);
  }

  /** A 3x3 convolution that halves height and width. */
  private static Layer halving(int in, int out) {
    return new InceptionConv(Conv2d.Spec.of(in, out, 3).stride(2));
  }

  private static Pool2d halve() {
    return Pool2d.max(3, 2, 0, /* ceilMode= */ false);
  }

  private static Pool2d smooth() {
    return Pool2d.average(3, 1, 1);
  }

  private static Layer blockA(int in, int pooled) {
    return new Branches()
        .branch("branch1x1", conv(in, 64))
        .branch("branch5x5_1", conv(in, 48))
        .then("branch5x5_2", conv(48, 64, 5, 5))
        .branch("branch3x3dbl_1", conv(in, 64))
        .then("branch3x3dbl_2", conv(64, 96, 3, 3))
        .then("branch3x3dbl_3", conv(96, 96, 3, 3))
        .branch("pool", smooth())
        .then("branch_pool", conv(in, pooled));
  }

  private static Layer blockB(int in) {
    return new Branches()
        .branch("branch3x3", halving(in, 384))
        .branch("branch3x3dbl_1", conv(in, 64))
        .then("branch3x3dbl_2", conv(64, 96, 3, 3))
        .then("branch3x3dbl_3", halving(96, 96))
        .branch("pool", halve());
  }

  private static Layer blockC(int inner) {
    int in = 768;
    return new Branches()
        .branch("branch1x1", conv(in, 192))
        .branch("branch7x7_1", conv(in, inner))
        .then("branch7x7_2", conv(inner, inner, 1, 7))
        .then("branch7x7_3", conv(inner, 192, 7, 1))
        .branch("branch7x7dbl_1", conv(in, inner))
        .then("branch7x7dbl_2", conv(inner, inner, 7, 1))
        .then("branch7x7dbl_3", conv(inner, inner, 1, 7))
        .then("branch7x7dbl_4", conv(inner, inner, 7, 1))
        .then("branch7x7dbl_5", conv(inner, 192, 1, 7))
        .branch("pool", smooth())
        .then("branch_pool", conv(in, 192));
  }

  private static Layer blockD() {
    int in = 768;
    return new Branches()
        .branch("branch3x3_1", conv(in, 192))
        .then("branch3x3_2", halving(192, 320))
        .branch("branch7x7x3_1", conv(in, 192))
        .then("branch7x7x3_2", conv(192, 192, 1, 7))
        .then("branch7x7x3_3", conv(192, 192, 7, 1))
        .then("branch7x7x3_4", halving(192, 192))
        .branch("pool", halve());
  }

  private static Layer blockE(int in) {
    return new Branches()
        .branch("branch1x1", conv(in, 320))
        .branch("branch3x3_1", conv(in, 384))
        .end("branch3x3_2a", conv(384, 384, 1, 3))
        .end("branch3x3_2b", conv(384, 384, 3, 1))
        .branch("branch3x3dbl_1", conv(in, 448))
        .then("branch3x3dbl_2", conv(448, 384, 3, 3))
        .end("branch3x3dbl_3a", conv(384, 384, 1, 3))
        .end("branch3x3dbl_3b", conv(384, 384, 3, 1))
        .branch("pool", smooth())
        .then("branch_pool", conv(in, 192));
  }

  /** The side head; it needs images of 299 pixels. */
  private static Layer side(int labels) {
    return new Sequential()
        .add("pool", Pool2d.average(5, 3, 0))
        .add("conv0", conv(768, 128))
        .add("conv1", new InceptionConv(Conv2d.Spec.of(128, 768, 5)))
        .add("mean", Reshape.globalAverage())
        .add("fc", new Linear(768, labels));
  }
}
