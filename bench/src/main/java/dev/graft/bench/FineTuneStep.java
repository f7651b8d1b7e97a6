package dev.graft.bench;

import dev.graft.model.Model;
import dev.graft.model.Parameter;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Optimizer;
import dev.graft.task.Classification;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
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
 * One step of full fine-tuning in fp32: forward, loss, backward and update of ResNet-18 on {@value
 * #BATCH} images of {@value #SIDE} x {@value #SIDE}, SGD with momentum.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 4, time = 4)
public class FineTuneStep {

  /** Images per step. */
  public static final int BATCH = 16;

  /** Height and width of an image. */
  public static final int SIDE = 128;

  private final Classification task = new Classification(Networks.labels());
  private Model model;
  private List<Parameter> parameters;
  private Optimizer.Updater updater;
  private Tensor pixels;
  private NamedTensors targets;

  /** Builds the network and a batch. */
  @Setup
  public void open() {
    Registry registry = Registry.load(getClass().getClassLoader());
    model = Networks.resnet18(registry);
    model.network().setTrainingAll(true);
    parameters = List.copyOf(model.parameters().values());
    parameters.forEach(parameter -> parameter.tensor().setRequiresGrad(true));
    Optimizer sgd = registry.get(Optimizer.class, "sgd");
    Settings settings = Settings.of("lr", 0.01).with("momentum", 0.9).with("weight_decay", 5e-4);
    updater =
        sgd.create(
            List.of(new Optimizer.Share(parameters, 1, 5e-4)),
            settings.checked("sgd", sgd.settings()));
    RandomState.seed(2);
    pixels = Tensor.randn(BATCH, 3, SIDE, SIDE);
    double[] classes = new double[BATCH];
    for (int i = 0; i < BATCH; i++) {
      classes[i] = i % Networks.CLASSES;
    }
    targets = task.targets(classes);
  }

  /** The step; returns the loss. */
  @Benchmark
  public double graft() {
    try (Scope scope = Scope.open()) {
      parameters.forEach(parameter -> parameter.tensor().clearGrad());
      Tensor loss = task.loss(model.forward(NamedTensors.of("pixels", pixels)), targets);
      loss.backward();
      updater.step(0.01, Double.NaN);
      return loss.item();
    }
  }

  /** Frees everything. */
  @TearDown
  public void close() {
    updater.close();
    model.close();
    pixels.close();
    targets.asMap().values().forEach(Tensor::close);
  }
}
