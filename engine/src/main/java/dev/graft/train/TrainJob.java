package dev.graft.train;

import dev.graft.data.Preprocessing;
import dev.graft.data.Split;
import dev.graft.plan.Plan;
import dev.graft.registry.Registry;
import dev.graft.task.Task;
import java.nio.file.Path;
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
    BooleanSupplier stop) {}
