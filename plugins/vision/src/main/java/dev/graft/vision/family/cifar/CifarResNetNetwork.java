package dev.graft.vision.family.cifar;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Initial;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Reshape;
import dev.graft.layers.Sequential;
import dev.graft.model.Network;
import dev.graft.plan.Settings;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import dev.graft.vision.family.InitialValues;
import dev.graft.vision.family.StagedNetwork;
import java.util.List;

/** Assembles a convolution, three stages of basic blocks, mean over the image, a linear head. */
final class CifarResNetNetwork {

  /** Whose parameter names there are. */
  static final List<String> NAMES = List.of("akamaster", "mdistiller");

  private CifarResNetNetwork() {}

  static Network of(Settings settings) {
    boolean akamaster = settings.text("parameter_names").equals("akamaster");
    double eps = settings.number("batch_norm_eps");
    int in = settings.integer("stem_channels");
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    network.place("conv1", new Conv2d(Conv2d.Spec.of(3, in, 3).padding(1)));
    network.place("bn1", norm(in, eps));
    network.place("relu", new Activation(Function.RELU));
    for (int stage = 0; stage < 3; stage++) {
      int out = settings.integer("channels") << stage;
      String name = "layer" + (stage + 1);
      network.stage(name);
      Sequential blocks = new Sequential();
      for (int i = 0; i < (settings.integer("depth") - 2) / 6; i++) {
        Step step = new Step(in, out, stage > 0 && i == 0 ? 2 : 1, eps);
        blocks.add(
            new BasicBlock(
                step,
                step.shortcut(settings.text("shortcut")),
                akamaster ? "shortcut" : "downsample"));
        in = out;
      }
      network.place(name, blocks);
    }
    network.place("avgpool", Pool2d.adaptiveAverage(1, 1));
    network.step(x -> x.flatten(1));
    network.stage("head");
    network.head(akamaster ? "linear" : "fc", new Linear(in, settings.integer("num_labels")), in);
    if (akamaster) {
      InitialValues.convolutions(network, Initial::heFanIn);
      InitialValues.linears(network, Initial::heFanIn);
    }
    return network;
  }

  private static BatchNorm2d norm(int channels, double eps) {
    return new BatchNorm2d(channels, eps, 0.1);
  }

  /**
   * What a block does to the shape.
   *
   * @param in channels that come in
   * @param out channels that go out
   * @param stride by which height and width shrink
   * @param eps of its normalisations
   */
  private record Step(int in, int out, int stride, double eps) {

    /** What leads around the block; null where that is the identity. */
    Layer shortcut(String option) {
      if (in == out && stride == 1) {
        return null;
      }
      return option.equals("A") ? padded() : projected();
    }

    /** Option A: every stride-th pixel, with channels of zeros in front and behind. */
    private Layer padded() {
      int before = (out - in) / 2;
      int after = out - in - before;
      return new Reshape(
          x ->
              Nn.pad(
                  x.stride(2, stride).stride(3, stride),
                  new long[] {0, 0, 0, 0, before, after},
                  0));
    }

    /** Option B: a convolution and a normalisation. */
    private Layer projected() {
      return new Sequential(new Conv2d(Conv2d.Spec.of(in, out, 1).stride(stride)), norm(out, eps));
    }
  }

  /** Two 3x3 convolutions and a shortcut: (N, in, H, W) to (N, out, H / stride, W / stride). */
  private static final class BasicBlock extends Layer {

    private final Child conv1;
    private final Child bn1;
    private final Child relu;
    private final Child conv2;
    private final Child bn2;
    private final Child shortcut;

    /** A block; {@code across} is null where the shortcut is the identity. */
    BasicBlock(Step step, Layer across, String acrossName) {
      conv1 =
          child(
              "conv1",
              new Conv2d(
                  Conv2d.Spec.of(step.in(), step.out(), 3).stride(step.stride()).padding(1)));
      bn1 = child("bn1", norm(step.out(), step.eps()));
      relu = child("relu", new Activation(Function.RELU));
      conv2 = child("conv2", new Conv2d(Conv2d.Spec.of(step.out(), step.out(), 3).padding(1)));
      bn2 = child("bn2", norm(step.out(), step.eps()));
      shortcut = across == null ? null : child(acrossName, across);
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor inner = relu.apply(bn1.apply(conv1.apply(x)));
      Tensor base = shortcut == null ? x : shortcut.apply(x);
      return relu.apply(bn2.apply(conv2.apply(inner)).add(base));
    }
  }
}
