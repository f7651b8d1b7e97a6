package dev.graft.bench;

import dev.graft.model.Model;
import dev.graft.model.Parameter;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Optimizer;
import dev.graft.task.Task;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.function.Predicate;

/** Forward pass, loss, backward pass and update of a model on one batch. */
final class TrainingStep implements AutoCloseable {

  /** Rate of the update. */
  private static final double RATE = 0.01;

  private final Model model;
  private final Task task;
  private final List<Parameter> parameters;
  private final Optimizer.Updater updater;
  private final NamedTensors inputs;
  private final NamedTensors targets;

  /**
   * A step of the parameters whose names are chosen.
   *
   * @param model the network, closed with this
   * @param task its task, with {@link Networks#CLASSES} classes
   * @param chosen which parameters train
   * @param optimizer its id and settings
   * @param inputs a batch, closed with this
   * @param batch examples in it
   */
  TrainingStep(
      Registry registry,
      Model model,
      Task task,
      Predicate<String> chosen,
      String optimizer,
      Settings settings,
      NamedTensors inputs,
      int batch) {
    this.model = model;
    this.task = task;
    model.network().setTrainingAll(true);
    parameters =
        model.parameters().values().stream()
            .filter(parameter -> chosen.test(parameter.name()))
            .toList();
    model.parameters().values().forEach(p -> p.tensor().setRequiresGrad(false));
    parameters.forEach(parameter -> parameter.tensor().setRequiresGrad(true));
    Optimizer found = registry.get(Optimizer.class, optimizer);
    updater =
        found.create(
            List.of(new Optimizer.Share(parameters, 1, 5e-4)),
            settings.checked(optimizer, found.settings()));
    this.inputs = inputs;
    double[] classes = new double[batch];
    for (int i = 0; i < batch; i++) {
      classes[i] = i % Networks.CLASSES;
    }
    targets = task.targets(classes);
  }

  /** A batch of noise as images. */
  static NamedTensors images(int batch, int side) {
    RandomState.seed(2);
    return NamedTensors.of("pixels", Tensor.randn(batch, 3, side, side));
  }

  /** Does the step; returns the loss before it. */
  double run() {
    try (Scope scope = Scope.open()) {
      parameters.forEach(parameter -> parameter.tensor().clearGrad());
      Tensor loss = task.loss(model.forward(inputs), targets);
      loss.backward();
      updater.step(RATE, Double.NaN);
      return loss.item();
    }
  }

  @Override
  public void close() {
    updater.close();
    model.close();
    inputs.asMap().values().forEach(Tensor::close);
    targets.asMap().values().forEach(Tensor::close);
  }
}
