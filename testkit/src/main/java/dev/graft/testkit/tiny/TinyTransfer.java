package dev.graft.testkit.tiny;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.data.Dataset;
import dev.graft.data.Preprocessing;
import dev.graft.data.Split;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.plan.Choice;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Companion;
import dev.graft.spi.Subject;
import dev.graft.spi.TransferMethod;
import dev.graft.task.Classification;
import dev.graft.task.Figure;
import dev.graft.task.MultiTask;
import dev.graft.task.Regression;
import dev.graft.task.Task;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.train.BaseModel;
import dev.graft.train.CompanionBase;
import dev.graft.train.Planner;
import dev.graft.train.TrainJob;
import dev.graft.train.TrainListener;
import dev.graft.train.TrainOptions;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a plan is made for and carried out on, in tiny: a base, data, a task.
 *
 * @param base makes the pretrained network
 * @param data training, validation and test part
 * @param task what the network is to do
 * @param preprocessing how examples become inputs
 * @param teacher another network, which knows the task
 */
public record TinyTransfer(
    BaseModel base, Split data, Task task, Preprocessing preprocessing, BaseModel teacher) {

  private static final long BASE_SEED = 11;
  private static final long TEACHER_SEED = 12;

  private static final Map<String, byte[]> OTHER_FILES =
      Map.of(Bundle.REPORT, "<!doctype html><title>tiny</title>".getBytes(StandardCharsets.UTF_8));

  /** How bundles name the base. */
  public static final Manifest.BaseReference BASE = new Manifest.BaseReference("tiny", "tiny");

  private static final int TRAINING = 48;
  private static final int HELD_BACK = 24;
  private static final int UNLABELLED = 40;

  /**
   * Three classes of pictures, and some without labels; a network with convolutions and batch
   * normalisation.
   */
  public static TinyTransfer pictures() {
    Preprocessing preprocessing = new TinyPreprocessing(TinyPreprocessing.PIXELS);
    Split data =
        new Split(
            new TinyImages(TRAINING, 1),
            new TinyImages(HELD_BACK, 2),
            new TinyImages(HELD_BACK, 3),
            Map.of("unlabelled", new TinyImages(UNLABELLED, 4).withoutTargets()));
    return of(preprocessing, data, new Classification(data.training().classes()));
  }

  /** A number to predict from rows; a network with layer normalisation. */
  public static TinyTransfer rows() {
    Preprocessing preprocessing = new TinyPreprocessing(TinyPreprocessing.NUMERIC);
    Split data =
        new Split(
            new TinyTable(TRAINING, 1, false),
            new TinyTable(HELD_BACK, 2, false),
            new TinyTable(HELD_BACK, 3, false));
    return of(preprocessing, data, new Regression(0, 1));
  }

  private static TinyTransfer of(Preprocessing preprocessing, Split data, Task task) {
    ModelSpec spec = TinyFamily.spec(((TinyPreprocessing) preprocessing).input());
    TinyBase base = new TinyBase(spec, preprocessing, data.training(), BASE_SEED);
    TinyBase other = new TinyBase(spec, preprocessing, data.training(), TEACHER_SEED);
    return new TinyTransfer(base, data, task, preprocessing, new TinyTeacher(other, task));
  }

  /** With empty validation parts, so that the last weights are kept and not the best ones. */
  public TinyTransfer withoutValidation() {
    Map<String, Dataset> others = new LinkedHashMap<>(data.others());
    others.replaceAll((name, other) -> name.endsWith(".validation") ? none(other) : other);
    Split split = new Split(data.training(), none(data.validation()), data.test(), others);
    return new TinyTransfer(base, split, task, preprocessing, teacher);
  }

  private static Dataset none(Dataset data) {
    return data.subset(new int[0]);
  }

  /** With another task of classification for the same network, on data of its own. */
  public TinyTransfer withTask(String name, Split own) {
    Map<String, Task> tasks = new LinkedHashMap<>(Map.of(Task.MAIN, task));
    if (task instanceof MultiTask several) {
      tasks.putAll(several.tasks());
    }
    tasks.put(name, new Classification(own.training().classes()));
    Split all = data;
    for (String part : List.of("training", "validation", "test")) {
      all = all.with(Task.dataName(name, part), own.named(part));
    }
    return new TinyTransfer(base, all, new MultiTask(tasks), preprocessing, teacher);
  }

  /** With one more data set. */
  public TinyTransfer with(String name, Dataset other) {
    return new TinyTransfer(base, data.with(name, other), task, preprocessing, teacher);
  }

  /**
   * The plan that some methods make, in order.
   *
   * @param seed of the run
   * @param methods with settings
   * @param settings one per method
   */
  public Plan plan(long seed, List<TransferMethod> methods, List<Settings> settings) {
    try (Model model = base.pretrained();
        Model other = teacher.pretrained()) {
      model.replaceHead(task.head(model.featureCount()));
      Subject subject =
          new Subject(
              model,
              false,
              task,
              data.training().size(),
              preprocessing.usualAugmentation(),
              preprocessing.strongAugmentation(),
              data.others().keySet(),
              data.sameExamples(),
              Map.of(Companion.TEACHER, new Companion(other, task.labels())));
      Plan plan = Plan.start(seed);
      for (int i = 0; i < methods.size(); i++) {
        plan = Planner.add(plan, methods.get(i), settings.get(i), subject);
      }
      return plan;
    }
  }

  /** The job of carrying out a plan in a run folder. */
  public TrainJob job(Plan plan, Path folder, Registry registry) {
    return new TrainJob(
            plan,
            base,
            task,
            data,
            preprocessing,
            folder,
            TrainOptions.defaults(),
            registry,
            TrainListener.NONE,
            () -> false)
        .withCompanions(
            Map.of(Companion.TEACHER, new CompanionBase(teacher, task.labels(), "tiny-teacher")));
  }

  /** Writes a model of this transfer as a bundle. */
  public Bundle bundle(Path folder, Plan plan, Model model) throws IOException {
    return Bundle.write(folder, manifest(plan, model), weights(model), OTHER_FILES);
  }

  /** Writes what a model of this transfer has and the base has not. */
  public Bundle changes(Path folder, Plan plan, Model model) throws IOException {
    Map<String, HostTensor> changed = weights(model);
    try (Model pretrained = base.pretrained()) {
      weights(pretrained).forEach(changed::remove);
    }
    return Bundle.writeChanges(folder, manifest(plan, model), Weights.of(changed), OTHER_FILES);
  }

  private static Map<String, HostTensor> weights(Model model) {
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> weights.put(name, tensor.toHost()));
    }
    return weights;
  }

  private Manifest manifest(Plan plan, Model model) {
    return new Manifest(
        Manifest.VERSION,
        model.spec(),
        plan.surgery(),
        task.id(),
        task.settings(),
        preprocessing.modality(),
        preprocessing.settings(),
        plan,
        BASE,
        Map.of("validation", Map.of(Figure.selector(task).id(), 0.5)),
        new Manifest.ParameterCounts(model.parameterCount(), 0),
        Map.of(),
        Map.of(),
        "2026-01-01T00:00:00Z",
        Choice.of("tiny"));
  }
}
