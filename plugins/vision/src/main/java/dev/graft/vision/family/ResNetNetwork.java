package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Sequential;
import dev.graft.model.Network;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Assembles a stem, four stages of residual blocks, mean over the image and a linear head. */
final class ResNetNetwork {

  /**
   * What distinguishes the members of the family.
   *
   * @param blocks number of blocks in each stage
   * @param bottleneck blocks of three convolutions, else of two
   * @param groups blocks of channels in the 3x3 convolutions
   * @param width channels of such a block in the first stage
   */
  record Shape(List<Integer> blocks, boolean bottleneck, int groups, int width) {

    int expansion() {
      return bottleneck ? 4 : 1;
    }
  }

  private static final int STEM = 64;

  private ResNetNetwork() {}

  static Network of(Shape shape, int labels, boolean zeroResidual) {
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    network.place("conv1", new Conv2d(Conv2d.Spec.of(3, STEM, 7).stride(2).padding(3)));
    network.place("bn1", new BatchNorm2d(STEM));
    network.place("relu", new Activation(Function.RELU));
    network.place("maxpool", Pool2d.max(3, 2, 1, /* ceilMode= */ false));
    int in = STEM;
    for (int stage = 0; stage < 4; stage++) {
      int planes = STEM << stage;
      String name = "layer" + (stage + 1);
      network.stage(name);
      Sequential blocks = new Sequential();
      for (int i = 0; i < shape.blocks().get(stage); i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        blocks.add(
            shape.bottleneck()
                ? new Bottleneck(in, planes, stride, shape, zeroResidual)
                : new BasicBlock(in, planes, stride, zeroResidual));
        in = planes * shape.expansion();
      }
      network.place(name, blocks);
    }
    network.place("avgpool", Pool2d.adaptiveAverage(1, 1));
    network.step(x -> x.flatten(1));
    network.stage("head");
    network.head("fc", new Linear(in, labels), in);
    return network;
  }

  private static Layer projection(int in, int out, int stride) {
    return new Sequential(
        new Conv2d(Conv2d.Spec.of(in, out, 1).stride(stride)), new BatchNorm2d(out));
  }

  private static BatchNorm2d last(int channels, boolean zero) {
    BatchNorm2d norm = new BatchNorm2d(channels);
    if (zero) {
      norm.parameters().get("weight").tensor().fillInPlace(0);
    }
    return norm;
  }

  /** Two 3x3 convolutions and a shortcut: (N, in, H, W) to (N, planes, H / stride, W / stride). */
  private static final class BasicBlock extends Layer {

    private final Child conv1;
    private final Child bn1;
    private final Child relu;
    private final Child conv2;
    private final Child bn2;
    private final Child downsample;

    BasicBlock(int in, int planes, int stride, boolean zeroResidual) {
      conv1 = child("conv1", new Conv2d(Conv2d.Spec.of(in, planes, 3).stride(stride).padding(1)));
      bn1 = child("bn1", new BatchNorm2d(planes));
      relu = child("relu", new Activation(Function.RELU));
      conv2 = child("conv2", new Conv2d(Conv2d.Spec.of(planes, planes, 3).padding(1)));
      bn2 = child("bn2", last(planes, zeroResidual));
      downsample =
          stride != 1 || in != planes ? child("downsample", projection(in, planes, stride)) : null;
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor inner = relu.apply(bn1.apply(conv1.apply(x)));
      Tensor shortcut = downsample == null ? x : downsample.apply(x);
      return relu.apply(bn2.apply(conv2.apply(inner)).add(shortcut));
    }
  }

  /**
   * Convolutions 1x1, 3x3, 1x1 and a shortcut: (N, in, H, W) to (N, 4 planes, H / stride, W /
   * stride). The stride is in the 3x3 convolution.
   */
  private static final class Bottleneck extends Layer {

    private final Child conv1;
    private final Child bn1;
    private final Child conv2;
    private final Child bn2;
    private final Child conv3;
    private final Child bn3;
    private final Child relu;
    private final Child downsample;

    Bottleneck(int in, int planes, int stride, Shape shape, boolean zeroResidual) {
      int width = planes * shape.width() / STEM * shape.groups();
      int out = planes * shape.expansion();
      conv1 = child("conv1", new Conv2d(Conv2d.Spec.of(in, width, 1)));
      bn1 = child("bn1", new BatchNorm2d(width));
      conv2 =
          child(
              "conv2",
              new Conv2d(
                  Conv2d.Spec.of(width, width, 3)
                      .stride(stride)
                      .padding(1)
                      .groups(shape.groups())));
      bn2 = child("bn2", new BatchNorm2d(width));
      conv3 = child("conv3", new Conv2d(Conv2d.Spec.of(width, out, 1)));
      bn3 = child("bn3", last(out, zeroResidual));
      relu = child("relu", new Activation(Function.RELU));
      downsample =
          stride != 1 || in != out ? child("downsample", projection(in, out, stride)) : null;
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor inner = relu.apply(bn1.apply(conv1.apply(x)));
      inner = relu.apply(bn2.apply(conv2.apply(inner)));
      Tensor shortcut = downsample == null ? x : downsample.apply(x);
      return relu.apply(bn3.apply(conv3.apply(inner)).add(shortcut));
    }
  }
}
