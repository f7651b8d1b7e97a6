package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.Transfer;
import dev.graft.data.Splitter;
import dev.graft.task.Task;
import dev.graft.train.TrainOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a transfer is made of; shared by the commands that make one. */
final class TransferOptions {

  @Option(
      names = "--base",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model to start from: config.json and weights, or a bundle.")
  private Path base;

  @Mixin private DataOptions data;

  @Option(
      names = "--teacher",
      paramLabel = "DIR",
      description =
          "Folder of a model to learn from, a base or a bundle that reads what the base reads; for"
              + " methods of distillation.")
  private Path teacher;

  @Option(
      names = "--unlabelled",
      paramLabel = "DIR",
      description =
          "Folder of examples of the domain in which the model is to work; their labels are not"
              + " read. For methods such as dann, coral, mcc, fixmatch.")
  private Path unlabelled;

  @Option(
      names = "--source",
      paramLabel = "DIR",
      description = "Folder of further labelled examples, of another domain and the same classes.")
  private Path source;

  @Option(
      names = "--test",
      paramLabel = "DIR",
      description = "Folder of examples for the final figures, in place of a part of the data.")
  private Path test;

  @Option(
      names = "--task",
      paramLabel = "NAME=DIR",
      description =
          "Another task for the same network: a folder of labelled examples with classes of their"
              + " own; may be repeated. The task of --data is named main. For methods such as"
              + " equal, pcgrad.")
  private Map<String, Path> tasks = new LinkedHashMap<>();

  @Option(
      names = "--labels",
      paramLabel = "NAME=FILE",
      description =
          "Another task on the same examples: a table with the head line class,label or id,label;"
              + " may be repeated.")
  private Map<String, Path> labels = new LinkedHashMap<>();

  @Option(
      names = "--k-per-class",
      paramLabel = "K",
      defaultValue = "0",
      description = "Use at most K labelled examples per class, validation included; 0: all.")
  private int perClass;

  @Option(
      names = "--validation-share",
      paramLabel = "SHARE",
      defaultValue = "" + Splitter.VALIDATION_SHARE,
      description =
          "Share of the labelled examples that selects the epoch, where the data have no validation"
              + " part of their own; 0: train on all of them and keep the last epoch."
              + " Default: ${DEFAULT-VALUE}.")
  private double validationShare;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "0",
      description =
          "Input height and width in place of the base's own: the shorter side gets it, the middle"
              + " is cut out.")
  private int size;

  @Option(
      names = "--no-cache",
      description = "Compute the features of the frozen part anew in every epoch.")
  private boolean noCache;

  @Option(
      names = "--strict-data",
      description = "End the run at the first example that cannot be read instead of skipping it.")
  private boolean strict;

  @Option(
      names = "--snapshot-every",
      paramLabel = "UPDATES",
      defaultValue = "0",
      description = "Updates between snapshots within an epoch; 0: only after each epoch.")
  private int snapshotEvery;

  /** Names of all tasks, the first one first. */
  List<String> tasks() {
    List<String> all = new ArrayList<>(List.of(Task.MAIN));
    all.addAll(tasks.keySet());
    all.addAll(labels.keySet());
    return all;
  }

  /** Folder of the model to start from. */
  Path base() {
    return base;
  }

  /** The transfer with these options, without method and seed. */
  Transfer transfer(Graft graft) {
    TrainOptions options =
        TrainOptions.defaults()
            .withCacheFeatures(!noCache)
            .withSkipCorrupt(!strict)
            .withSnapshotUpdates(snapshotEvery);
    Map<String, Object> preprocessing = size == 0 ? Map.of() : Map.of("input_size", size);
    Transfer transfer = graft.transfer(base, data.folder());
    transfer = unlabelled == null ? transfer : transfer.unlabelled(unlabelled);
    transfer = source == null ? transfer : transfer.source(source);
    transfer = test == null ? transfer : transfer.test(test);
    transfer = teacher == null ? transfer : transfer.teacher(teacher);
    for (Map.Entry<String, Path> task : tasks.entrySet()) {
      transfer = transfer.task(task.getKey(), task.getValue());
    }
    for (Map.Entry<String, Path> task : labels.entrySet()) {
      transfer = transfer.labels(task.getKey(), task.getValue());
    }
    return transfer
        .format(data.format(), data.settings())
        .perClass(perClass)
        .validationShare(validationShare)
        .preprocessing(preprocessing)
        .options(options);
  }
}
