package dev.graft.testkit.contract;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.registry.Registry;
import dev.graft.report.EpochRecord;
import dev.graft.report.TrainResult;
import dev.graft.spi.Optimizer;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.TrainJob;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One plan carried out on a tiny transfer, and what is compared of it.
 *
 * @param before every parameter and buffer of the network, after surgery and before training
 * @param after the same after training
 * @param movement what the plan said would move
 * @param losses mean training loss by epoch
 * @param result of the run
 * @param start loss over the training part and outputs on the test part before training
 * @param end the same after training
 */
record MethodRun(
    Map<String, HostTensor> before,
    Map<String, HostTensor> after,
    Movement movement,
    List<Double> losses,
    TrainResult result,
    View start,
    View end) {

  private static final int MOST_EPOCHS = 4;

  /**
   * What a model says about the data of a transfer, in evaluation mode.
   *
   * @param loss mean loss over the training part
   * @param logits outputs on the test part
   */
  record View(double loss, float[] logits) {

    static View of(Model model, TinyTransfer transfer) {
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        model.network().setTrainingAll(false);
        Dataset training = transfer.data().training();
        double[] targets = new double[training.size()];
        for (int i = 0; i < targets.length; i++) {
          targets[i] = training.target(i);
        }
        double loss =
            transfer
                .task()
                .loss(outputs(model, transfer, training), transfer.task().targets(targets))
                .item();
        NamedTensors test = outputs(model, transfer, transfer.data().test());
        return new View(loss, test.get("logits").toFloats());
      }
    }

    private static NamedTensors outputs(Model model, TinyTransfer transfer, Dataset data) {
      List<Example> examples = new ArrayList<>();
      for (int i = 0; i < data.size(); i++) {
        try {
          examples.add(transfer.preprocessing().evalTransform().apply(data.load(i)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return model.forward(transfer.preprocessing().collate(examples));
    }
  }

  static MethodRun of(TinyTransfer transfer, Plan plan, Path folder, Registry registry) {
    return of(transfer, transfer.job(plan, folder, registry));
  }

  static MethodRun of(TinyTransfer transfer, TrainJob job) {
    try (Trainer trainer = new Trainer(job)) {
      Map<String, HostTensor> before = state(trainer.model());
      Movement movement = Movement.of(job.plan(), trainer.model());
      View start = View.of(trainer.model(), transfer);
      TrainResult result = trainer.run();
      return new MethodRun(
          before,
          state(trainer.model()),
          movement,
          result.history().stream().map(EpochRecord::trainingLoss).toList(),
          result,
          start,
          View.of(trainer.model(), transfer));
    }
  }

  /** The job, ending with a snapshot after a number of updates. */
  static TrainJob stoppedAfter(TrainJob job, int updates) {
    AtomicInteger made = new AtomicInteger();
    return job.withStop(() -> made.incrementAndGet() >= updates);
  }

  /** What a model says about raw examples, as the task puts it. */
  static double[][] scores(Model model, TinyTransfer transfer, List<Example> raw) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      model.network().setTrainingAll(false);
      List<Example> ready =
          raw.stream().map(transfer.preprocessing().evalTransform()::apply).toList();
      return transfer.task().scores(model.forward(transfer.preprocessing().collate(ready)));
    }
  }

  static Map<String, HostTensor> state(Model model) {
    Map<String, HostTensor> state = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> state.put(name, tensor.toHost()));
    }
    return state;
  }

  /** The plan with phases of few epochs. */
  static Plan shortened(Plan plan) {
    return plan.mapPhases(
        phase -> {
          Length length = phase.length();
          int epochs = Math.min(length.epochs(), MOST_EPOCHS);
          return phase.withLength(new Length(epochs, length.maxUpdates(), length.patience()));
        });
  }

  /** The plan with everything on that could move what is frozen: weight decay and momentum. */
  static Plan hardened(Plan plan, Registry registry) {
    return plan.mapPhases(phase -> hardened(phase, registry));
  }

  private static Phase hardened(Phase phase, Registry registry) {
    Choice choice = phase.optimizer();
    for (Optimizer optimizer : registry.all(Optimizer.class)) {
      if (optimizer.about().id().equals(choice.id())) {
        List<String> keys = optimizer.settings().stream().map(Setting::key).toList();
        choice = keys.contains("momentum") ? choice.with("momentum", 0.9) : choice;
        choice = keys.contains("weight_decay") ? choice.with("weight_decay", 0.1) : choice;
      }
    }
    return phase.withOptimizer(choice);
  }
}
