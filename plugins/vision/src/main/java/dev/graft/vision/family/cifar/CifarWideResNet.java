package dev.graft.vision.family.cifar;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Sequential;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.Tensor;
import dev.graft.vision.family.InitialValues;
import dev.graft.vision.family.Published;
import dev.graft.vision.family.Published.Origin;
import dev.graft.vision.family.StagedNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Wide residual networks that normalise before they convolve, with mdistiller's names. */
public final class CifarWideResNet implements ModelFamily {

  private static final String ID = "wide_resnet_cifar";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("depth", 16, 10, 1000, "layers, 6n + 4"),
          Setting.integer("widen_factor", 2, 1, 64, "channels of the first stage over 16"),
          Setting.number("dropout", 0, 0, 0.99, "probability between the convolutions"),
          Setting.integer("num_labels", 10, 1, 1_000_000, "classes"));

  private static final Map<String, Map<String, Object>> ARCHITECTURES =
      Map.of(
          "wrn_16_1", Map.of("depth", 16, "widen_factor", 1),
          "wrn_16_2", Map.of("depth", 16, "widen_factor", 2),
          "wrn_40_1", Map.of("depth", 40, "widen_factor", 1),
          "wrn_40_2", Map.of("depth", 40, "widen_factor", 2));

  @Override
  public About about() {
    return new About(
        ID,
        "wide residual networks for images of 32 pixels",
        "Zagoruyko and Komodakis 2016, arXiv:1605.07146");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    Optional<ModelSpec> spec =
        Published.of(config).spec(ID, Set.of(Origin.MDISTILLER), ARCHITECTURES, SETTINGS);
    spec.ifPresent(known -> check(new Settings(known.settings())));
    return spec;
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    check(settings);
    return assemble(settings);
  }

  @Override
  public String modality() {
    return "image";
  }

  private static void check(Settings settings) {
    int depth = settings.integer("depth");
    if (depth % 6 != 4) {
      throw new IllegalArgumentException(
          "setting 'depth' of %s is %d; allowed: 6n + 4, such as 16, 28, 40".formatted(ID, depth));
    }
  }

  /**
   * Momentum of the normalisations that begin the second and third stage and the last one. The
   * library applies them twice in each pass, the second time to show features before the ReLU; that
   * moves their statistics twice by 0.1 towards the same values.
   */
  private static final double TWICE = 1 - 0.9 * 0.9;

  /** A convolution, three stages of blocks, normalisation, mean over the image, linear head. */
  private static Network assemble(Settings settings) {
    int in = 16;
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    network.place("conv1", new Conv2d(Conv2d.Spec.of(3, in, 3).padding(1)));
    for (int stage = 0; stage < 3; stage++) {
      int out = settings.integer("widen_factor") * (16 << stage);
      String name = "block" + (stage + 1);
      network.stage(name);
      Sequential blocks = new Sequential();
      for (int i = 0; i < (settings.integer("depth") - 4) / 6; i++) {
        boolean first = stage > 0 && i == 0;
        BatchNorm2d before = new BatchNorm2d(in, BatchNorm2d.DEFAULT_EPS, first ? TWICE : 0.1);
        blocks.add(new Block(before, out, first ? 2 : 1, settings.number("dropout")));
        in = out;
      }
      network.place(name, new Sequential().add("layer", blocks));
    }
    network.place("bn1", new BatchNorm2d(in, BatchNorm2d.DEFAULT_EPS, TWICE));
    network.place("relu", new Activation(Function.RELU));
    network.place("avgpool", Pool2d.adaptiveAverage(1, 1));
    network.step(x -> x.flatten(1));
    network.stage("head");
    network.head("fc", new Linear(in, settings.integer("num_labels")), in);
    InitialValues.zeroBiases(network, Linear.class);
    return network;
  }

  /**
   * Twice normalisation, ReLU and convolution, and a shortcut: (N, in, H, W) to (N, out, H /
   * stride, W / stride). Where channels change, the shortcut too starts after the first ReLU.
   */
  private static final class Block extends Layer {

    private final Child bn1;
    private final Child relu1;
    private final Child conv1;
    private final Child bn2;
    private final Child relu2;
    private final Child dropout;
    private final Child conv2;
    private final Child shortcut;

    Block(BatchNorm2d before, int out, int stride, double p) {
      long in = before.channels();
      bn1 = child("bn1", before);
      relu1 = child("relu1", new Activation(Function.RELU));
      conv1 = child("conv1", new Conv2d(Conv2d.Spec.of(in, out, 3).stride(stride).padding(1)));
      bn2 = child("bn2", new BatchNorm2d(out));
      relu2 = child("relu2", new Activation(Function.RELU));
      dropout = child("dropout", new Dropout(p));
      conv2 = child("conv2", new Conv2d(Conv2d.Spec.of(out, out, 3).padding(1)));
      shortcut =
          in == out
              ? null
              : child("convShortcut", new Conv2d(Conv2d.Spec.of(in, out, 1).stride(stride)));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor first = relu1.apply(bn1.apply(x));
      Tensor second = relu2.apply(bn2.apply(conv1.apply(first)));
      Tensor inner = conv2.apply(dropout.apply(second));
      return inner.add(shortcut == null ? x : shortcut.apply(first));
    }
  }
}
