package dev.graft.bench.peer;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.graft.bench.FineTuneStep;
import dev.graft.bench.Networks;
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

/** The step of {@link FineTuneStep} in DJL. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 4, time = 4)
public class DjlFineTuneStep {

  private Model model;
  private Trainer trainer;
  private NDArray pixels;
  private NDArray labels;

  /** Builds the network and a batch. */
  @Setup
  public void open() {
    model = DjlResNet18.model(Networks.CLASSES);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(
                    Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(0.01f))
                        .optMomentum(0.9f)
                        .optWeightDecays(5e-4f)
                        .build()));
    Shape shape = new Shape(FineTuneStep.BATCH, 3, FineTuneStep.SIDE, FineTuneStep.SIDE);
    trainer.initialize(shape);
    DjlParameters.check(model);
    NDManager manager = trainer.getManager();
    pixels = manager.randomNormal(shape);
    labels = manager.arange(FineTuneStep.BATCH).mod(Networks.CLASSES).toType(DataType.INT64, false);
  }

  /** The step; returns the loss. */
  @Benchmark
  public double djl() {
    try (NDManager manager = trainer.getManager().newSubManager();
        GradientCollector collector = trainer.newGradientCollector()) {
      NDList data = new NDList(pixels.duplicate());
      data.attach(manager);
      NDList outputs = trainer.forward(data);
      NDArray loss = trainer.getLoss().evaluate(new NDList(labels), outputs);
      collector.backward(loss);
      double value = loss.getFloat();
      loss.close();
      outputs.close();
      trainer.step();
      return value;
    }
  }

  /** Frees everything. */
  @TearDown
  public void close() {
    trainer.close();
    model.close();
  }
}
