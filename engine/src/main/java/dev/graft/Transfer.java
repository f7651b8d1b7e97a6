package dev.graft;

import dev.graft.bundle.Bundle;
import dev.graft.data.SplitFiles;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.registry.Registry;
import dev.graft.report.RangeTest;
import dev.graft.report.TrainResult;
import dev.graft.spi.Companion;
import dev.graft.train.CompanionBase;
import dev.graft.train.EventLog;
import dev.graft.train.LrFinder;
import dev.graft.train.Planner;
import dev.graft.train.TrainJob;
import dev.graft.train.TrainListener;
import dev.graft.train.TrainOptions;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One transfer: a base, some data, methods. Immutable: each setting returns a changed copy. Nothing
 * is read before {@link #fit}.
 */
public final class Transfer {

  private final Registry registry;
  private final TransferRequest request;
  private final TrainOptions options;
  private final TrainListener listener;
  private final BooleanSupplier stop;
  private final Clock clock = Clock.systemUTC();

  Transfer(Registry registry, TransferRequest request) {
    this(registry, request, TrainOptions.defaults(), TrainListener.NONE, () -> false);
  }

  private Transfer(
      Registry registry,
      TransferRequest request,
      TrainOptions options,
      TrainListener listener,
      BooleanSupplier stop) {
    this.registry = registry;
    this.request = request;
    this.options = options;
    this.listener = listener;
    this.stop = stop;
  }

  private Transfer with(TransferRequest changed) {
    return new Transfer(registry, changed, options, listener, stop);
  }

  /** With methods by id and settings: {@code lp-ft} or {@code fine-tune:lr=0.01,epochs=5}. */
  public Transfer method(String methods) {
    return with(request.withMethods(Planner.parse(methods)));
  }

  /** With a seed; the same seed gives the same bits on the same machine. */
  public Transfer seed(long seed) {
    return with(request.withSeed(seed));
  }

  /** With at most {@code k} labelled examples per class, validation included. */
  public Transfer perClass(int k) {
    return with(request.withPerClass(k));
  }

  /**
   * With another share of the labelled examples that selects the epoch, where the data have no
   * validation part of their own; a fifth otherwise.
   *
   * @param share from 0 to below 1; 0: all are trained on, and the last epoch is kept
   */
  public Transfer validationShare(double share) {
    return with(request.withValidationShare(share));
  }

  /** With a data source by id, and its settings. */
  public Transfer format(String id, Map<String, Object> settings) {
    return with(request.withFormat(id, settings));
  }

  /** With preprocessing settings that replace those of the base, for example {@code input_size}. */
  public Transfer preprocessing(Map<String, Object> settings) {
    return with(request.withPreprocessing(settings));
  }

  /**
   * With examples of the domain in which the model is to work; their labels, if they have any, are
   * never read. For methods that align two domains.
   */
  public Transfer unlabelled(Path folder) {
    return with(request.withOther(OtherData.UNLABELLED, folder));
  }

  /** With further labelled examples, of another domain and the same classes. */
  public Transfer source(Path folder) {
    return with(request.withOther(OtherData.SOURCE, folder));
  }

  /** With examples for the final figures in place of a part of the data. */
  public Transfer test(Path folder) {
    return with(request.withOther(OtherData.TEST, folder));
  }

  /** With a model to learn from: a base or a bundle that reads what the base reads. */
  public Transfer teacher(Path folder) {
    return with(request.withCompanion(Companion.TEACHER, folder));
  }

  /**
   * With another task for the same network, which gets a head for each: a folder of labelled
   * examples with classes of their own. The task of the data is named {@code main}; methods such as
   * {@code equal} or {@code pcgrad} weigh them.
   */
  public Transfer task(String name, Path folder) {
    return with(request.withTask(new OtherTask(name, OtherTask.Kind.DATA, folder.toString())));
  }

  /**
   * With another task on the same examples: a table of two columns with a head line, {@code
   * class,label} or {@code id,label}.
   */
  public Transfer labels(String name, Path table) {
    return with(request.withTask(new OtherTask(name, OtherTask.Kind.LABELS, table.toString())));
  }

  /** With one task alone out of several, on the parts it has beside the others. */
  public Transfer alone(String task) {
    return with(request.withAlone(task));
  }

  /** With other options of the run. */
  public Transfer options(TrainOptions value) {
    return new Transfer(registry, request, value, listener, stop);
  }

  /** With a listener that hears the events of the run. */
  public Transfer listener(TrainListener value) {
    return new Transfer(registry, request, options, value, stop);
  }

  /** With a question asked after each update; true ends the run with a snapshot. */
  public Transfer stopWhen(BooleanSupplier value) {
    return new Transfer(registry, request, options, listener, value);
  }

  /** What would happen, as a table; reads base and data, trains nothing. */
  public String explain() throws IOException {
    try (Prepared prepared = prepare();
        Model model = Trainer.build(job(prepared, Path.of(""), listener))) {
      return prepared.plan().explain(model);
    }
  }

  /**
   * Finds a learning rate by a range test; leaves nothing behind.
   *
   * @param phase of the plan; empty: the first that trains by updates
   * @throws IOException if base or data cannot be read
   */
  public RangeTest findLearningRate(String phase) throws IOException {
    try (Prepared prepared = prepare();
        ScratchFolder scratch = ScratchFolder.create("graft-lr-find")) {
      return new LrFinder(job(prepared, scratch.path(), listener)).find(phase);
    }
  }

  /**
   * Trains and writes the bundle. A run folder that a stopped or killed run left goes on where its
   * newest snapshot stands.
   *
   * @param run run folder; made where it does not exist
   * @throws IOException if base or data cannot be read or the run folder not be written
   */
  public Fitted fit(Path run) throws IOException {
    Files.createDirectories(run);
    request.write(run);
    try (Prepared prepared = prepare()) {
      SplitFiles.writeOrCheck(run.resolve("split"), prepared.split());
      return fit(run, prepared);
    }
  }

  private Fitted fit(Path run, Prepared prepared) throws IOException {
    try (EventLog log = new EventLog(run.resolve(EventLog.FILE))) {
      TrainJob job = job(prepared, run, log.and(listener));
      try (Trainer trainer = new Trainer(job)) {
        TrainResult result = trainer.run();
        Optional<Bundle> bundle =
            result.completed()
                ? Optional.of(
                    RunBundle.write(dataName(), prepared, job, trainer, result, clock.instant()))
                : Optional.empty();
        return new Fitted(run, bundle, result);
      }
    }
  }

  /**
   * The teacher on the test part, for comparison with what was made from it.
   *
   * @throws IllegalStateException if there is none
   * @throws IOException if base, teacher or data cannot be read
   */
  public Measured measureTeacher() throws IOException {
    try (Prepared prepared = prepare()) {
      return measureTeacher(prepared);
    }
  }

  private Measured measureTeacher(Prepared prepared) throws IOException {
    CompanionBase teacher = prepared.companions().forTraining().get(Companion.TEACHER);
    if (teacher == null) {
      throw new IllegalStateException("this transfer has no teacher; name one with teacher(…)");
    }
    try (Model model = teacher.base().pretrained()) {
      boolean same =
          teacher.labels().isEmpty() || teacher.labels().equals(prepared.task().labels());
      Map<String, Double> test =
          same
              ? Trainer.evaluate(job(prepared, Path.of(""), listener), model)
                  .metrics(prepared.task())
              : Map.of();
      return new Measured(model.parameterCount(), test);
    }
  }

  private Prepared prepare() throws IOException {
    return Prepared.of(request, registry);
  }

  private TrainJob job(Prepared prepared, Path run, TrainListener heard) {
    return new TrainJob(
            prepared.plan(),
            prepared.base(),
            prepared.task(),
            prepared.split(),
            prepared.base().preprocessing(),
            run,
            options,
            registry,
            heard,
            stop)
        .withCompanions(prepared.companions().forTraining());
  }

  private String dataName() {
    return Path.of(request.data()).toAbsolutePath().normalize().getFileName().toString();
  }

  /** Goes on with the run of a folder, as it was asked for. */
  static Transfer resume(Registry registry, Path run) throws IOException {
    return new Transfer(registry, TransferRequest.read(run));
  }

  /** The methods of a request, for display. */
  List<Choice> methods() {
    return request.methods();
  }
}
