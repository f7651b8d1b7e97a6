package dev.graft.bench.peer;

import ai.djl.Model;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;
import dev.graft.ScratchFolder;
import dev.graft.bench.HeadTraining;
import dev.graft.bench.Networks;
import dev.graft.bench.RandomImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The job of {@link HeadTraining} in DJL: the network with its backbone frozen, a new head trained
 * for as many epochs on as many images. The images are decoded before the clock starts, and nothing
 * is validated or saved.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
public class DjlHeadTraining {

  /** Of the 1000 training images 200 are held back, as we do. */
  private static final int IMAGES = 800;

  private ScratchFolder folder;
  private final List<NDArray> batches = new ArrayList<>();
  private final List<NDArray> labels = new ArrayList<>();
  private NDManager manager;

  /** Writes and reads the images. */
  @Setup
  public void open() throws IOException {
    folder = ScratchFolder.create("djl-bench");
    RandomImages.write(folder.path(), RandomImages.TRAINING);
    manager = NDManager.newBaseManager();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder.path("train"))) {
      files = all.filter(Files::isRegularFile).sorted().limit(IMAGES).toList();
    }
    for (int from = 0; from < files.size(); from += HeadTraining.BATCH) {
      NDList images = new NDList();
      for (Path file : files.subList(from, from + HeadTraining.BATCH)) {
        NDArray image = ImageFactory.getInstance().fromFile(file).toNDArray(manager);
        images.add(image.transpose(2, 0, 1).toType(ai.djl.ndarray.types.DataType.FLOAT32, false).div(255));
      }
      batches.add(ai.djl.ndarray.NDArrays.stack(images));
      labels.add(
          manager
              .arange(HeadTraining.BATCH)
              .mod(Networks.CLASSES)
              .toType(ai.djl.ndarray.types.DataType.INT64, false));
    }
  }

  /** Ten epochs; returns the last loss. */
  @Benchmark
  public double djl() {
    try (Model model = Model.newInstance("head", "PyTorch")) {
      SequentialBlock backbone = DjlResNet18.backbone();
      SequentialBlock network = new SequentialBlock();
      network.add(backbone).add(Linear.builder().setUnits(Networks.CLASSES).build());
      model.setBlock(network);
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .optOptimizer(
                  Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.003f)).build());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(
            new Shape(HeadTraining.BATCH, 3, RandomImages.SIDE, RandomImages.SIDE));
        for (Pair<String, Parameter> each : backbone.getParameters()) {
          each.getValue().freeze(true);
        }
        double loss = 0;
        for (int epoch = 0; epoch < HeadTraining.EPOCHS; epoch++) {
          for (int i = 0; i < batches.size(); i++) {
            loss = step(trainer, batches.get(i), labels.get(i));
          }
        }
        return loss;
      }
    }
  }

  private static double step(Trainer trainer, NDArray images, NDArray labels) {
    try (NDManager step = trainer.getManager().newSubManager();
        GradientCollector collector = trainer.newGradientCollector()) {
      NDArray data = images.duplicate();
      data.attach(step);
      NDList outputs = trainer.forward(new NDList(data));
      NDArray loss = trainer.getLoss().evaluate(new NDList(labels), outputs);
      collector.backward(loss);
      double value = loss.getFloat();
      trainer.step();
      outputs.close();
      loss.close();
      return value;
    }
  }

  /** Deletes everything. */
  @TearDown
  public void close() throws IOException {
    manager.close();
    folder.close();
  }
}
