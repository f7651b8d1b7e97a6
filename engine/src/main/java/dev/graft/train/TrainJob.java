package dev.graft.train;

import dev.graft.data.Preprocessing;
import dev.graft.data.Split;
import dev.graft.plan.Plan;
import dev.graft.registry.Registry;
import dev.graft.task.Task;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Everything a run needs.
 *
 * @param plan what to do
 * @param base makes the model the plan is carried out on
 * @param task what the model is to do
 * @param data training, validation and test parts
 * @param preprocessing how examples become inputs
 * @param folder run folder: events, snapshots and the feature cache
 * @param options choices that do not change what is learned
 * @param registry where terms, optimizers and schedules are found
 * @param listener hears the events
 * @param stop is asked after each update; true ends the run with a snapshot
 * @param companions other models that terms may ask, by name
 */
public record TrainJob(
    Plan plan,
    BaseModel base,
    Task task,
    Split data,
    Preprocessing preprocessing,
    Path folder,
    TrainOptions options,
    Registry registry,
    TrainListener listener,
    BooleanSupplier stop,
    Map<String, CompanionBase> companions) {

  public TrainJob {
    companions = Map.copyOf(companions);
  }

  /** A job without companions. */
  public TrainJob(
      Plan plan,
      BaseModel base,
      Task task,
      Split data,
      Preprocessing preprocessing,
      Path folder,
      TrainOptions options,
      Registry registry,
      TrainListener listener,
      BooleanSupplier stop) {
    this(
        plan, base, task, data, preprocessing, folder, options, registry, listener, stop, Map.of());
  }

  /** With another plan. */
  public TrainJob withPlan(Plan value) {
    return new TrainJob(
        value,
        base,
        task,
        data,
        preprocessing,
        folder,
        options,
        registry,
        listener,
        stop,
        companions);
  }

  /** With other data. */
  public TrainJob withData(Split value) {
    return new TrainJob(
        plan,
        base,
        task,
        value,
        preprocessing,
        folder,
        options,
        registry,
        listener,
        stop,
        companions);
  }

  /** With other choices that do not change what is learned. */
  public TrainJob withOptions(TrainOptions value) {
    return new TrainJob(
        plan, base, task, data, preprocessing, folder, value, registry, listener, stop, companions);
  }

  /** With somebody else who hears the events. */
  public TrainJob withListener(TrainListener value) {
    return new TrainJob(
        plan, base, task, data, preprocessing, folder, options, registry, value, stop, companions);
  }

  /** With another question after each update. */
  public TrainJob withStop(BooleanSupplier value) {
    return new TrainJob(
        plan,
        base,
        task,
        data,
        preprocessing,
        folder,
        options,
        registry,
        listener,
        value,
        companions);
  }

  /** With other models by name. */
  public TrainJob withCompanions(Map<String, CompanionBase> value) {
    return new TrainJob(
        plan, base, task, data, preprocessing, folder, options, registry, listener, stop, value);
  }
}
