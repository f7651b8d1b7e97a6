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
import dev.graft.model.Group;
import dev.graft.plan.Settings;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import dev.graft.vision.family.ChainNetwork;
import dev.graft.vision.family.InitialValues;
import java.util.List;

/** A convolution, three stages of basic blocks, mean over the image, linear head. */
final class CifarResNetNetwork extends ChainNetwork {

  /** Whose parameter names there are. */
  static final List<String> NAMES = List.of("akamaster", "mdistiller");

  private final String head;

  CifarResNetNetwork(Settings settings) {
    super(
        settings.text("parameter_names").equals("akamaster") ? "linear" : "fc",
        4L * settings.integer("channels"));
    head = headPath();
    boolean akamaster = settings.text("parameter_names").equals("akamaster");
    double eps = settings.number("batch_norm_eps");
    int in = settings.integer("stem_channels");
    child("conv1", new Conv2d(Conv2d.Spec.of(3, in, 3).padding(1)));
    child("bn1", norm(in, eps));
    child("relu", new Activation(Function.RELU));
    for (int stage = 0; stage < 3; stage++) {
      int out = settings.integer("channels") << stage;
      Sequential blocks = new Sequential();
      for (int i = 0; i < (settings.integer("depth") - 2) / 6; i++) {
        Step step = new Step(in, out, stage > 0 && i == 0 ? 2 : 1, eps);
        Layer shortcut = settings.text("shortcut").equals("A") ? step.padded() : step.projected();
        blocks.add(
            new BasicBlock(
                step, step.plain() ? null : shortcut, akamaster ? "shortcut" : "downsample"));
        in = out;
      }
      child("layer" + (stage + 1), blocks);
    }
    child("avgpool", Pool2d.adaptiveAverage(1, 1));
    child(head, new Linear(in, settings.integer("num_labels")));
    if (akamaster) {
      InitialValues.convolutions(this, Initial::heFanIn);
      InitialValues.linears(this, Initial::heFanIn);
    }
  }

  @Override
  public List<Group> groups() {
    return List.of(
        chain("stem", Group.Edge.FIRST, "conv1", "bn1", "relu"),
        chain("layer1", Group.Edge.INNER, "layer1"),
        chain("layer2", Group.Edge.INNER, "layer2"),
        chain("layer3", Group.Edge.LAST, x -> x.flatten(1), "layer3", "avgpool"),
        chain("head", Group.Edge.HEAD, head));
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

    boolean plain() {
      return in == out && stride == 1;
    }

    /** Option A: every stride-th pixel, with channels of zeros in front and behind. */
    Layer padded() {
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
    Layer projected() {
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
