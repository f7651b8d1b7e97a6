package dev.graft.bench.peer;

import ai.djl.Model;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;

/** torchvision's ResNet-18 in DJL's blocks. */
final class DjlResNet18 {

  private DjlResNet18() {}

  static Model model(long classes) {
    Model model = Model.newInstance("resnet18", "PyTorch");
    model.setBlock(backbone().add(Linear.builder().setUnits(classes).build()));
    return model;
  }

  /** Everything before the head; returns (N, 512). */
  static SequentialBlock backbone() {
    SequentialBlock network =
        new SequentialBlock()
            .add(conv(64, 7, 2))
            .add(norm())
            .add(Activation.reluBlock())
            .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)));
    long width = 64;
    for (int stage = 0; stage < 4; stage++) {
      long stride = stage == 0 ? 1 : 2;
      network.add(block(width, stride, stage > 0)).add(block(width, 1, false));
      width *= 2;
    }
    return network.add(Pool.globalAvgPool2dBlock()).add(Blocks.batchFlattenBlock());
  }

  private static Block block(long width, long stride, boolean projects) {
    SequentialBlock branch =
        new SequentialBlock()
            .add(conv(width, 3, stride))
            .add(norm())
            .add(Activation.reluBlock())
            .add(conv(width, 3, 1))
            .add(norm());
    Block shortcut =
        projects
            ? new SequentialBlock().add(conv(width, 1, stride)).add(norm())
            : Blocks.identityBlock();
    return new ParallelBlock(
        outputs ->
            new NDList(
                Activation.relu(
                    NDArrays.add(outputs.get(0).singletonOrThrow(), outputs.get(1).singletonOrThrow()))),
        List.of(branch, shortcut));
  }

  private static Block conv(long width, long kernel, long stride) {
    return Conv2d.builder()
        .setKernelShape(new Shape(kernel, kernel))
        .optStride(new Shape(stride, stride))
        .optPadding(new Shape(kernel / 2, kernel / 2))
        .setFilters((int) width)
        .optBias(false)
        .build();
  }

  private static Block norm() {
    return BatchNorm.builder().optEpsilon(1e-5f).optMomentum(0.1f).build();
  }
}
