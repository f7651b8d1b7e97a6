package dev.graft;

import dev.graft.data.DataParts;
import dev.graft.data.Split;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Plan;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.task.Task;
import dev.graft.train.Planner;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A request whose base and data have been read: what there is to train, and how.
 *
 * @param base fitted to the training part
 * @param read how the data were read
 * @param split the parts of the data
 * @param task what the model is to do
 * @param plan what the methods made of all that
 * @param companions models that go along, the base among them; closed with this
 */
record Prepared(Base base, Choice read, Split split, Task task, Plan plan, Companions companions)
    implements AutoCloseable {

  /**
   * Reads base and data and makes the plan.
   *
   * @throws IOException if they cannot be read or do not fit together
   */
  static Prepared of(TransferRequest request, Registry registry) throws IOException {
    Companions companions = Companions.open(request, registry);
    try {
      return of(request, registry, companions);
    } catch (RuntimeException | IOException e) {
      companions.close();
      throw e;
    }
  }

  private static Prepared of(TransferRequest request, Registry registry, Companions companions)
      throws IOException {
    Base opened = companions.base();
    Path data = Path.of(request.data());
    Choice read = DataFolder.reading(data, request.format(), request.dataSettings(), registry);
    DataParts parts = DataFolder.open(data, read, registry);
    if (!parts.modality().equals(opened.family().modality())) {
      throw new IOException(
          "the data are of kind '%s', the base '%s' reads '%s'"
              .formatted(parts.modality(), opened.name(), opened.family().modality()));
    }
    OtherData others = new OtherData(request, registry);
    Split labelled = request.splitter().split(others.withTest(parts));
    OtherTasks tasks = new OtherTasks(request, registry);
    Split split =
        tasks.alone(tasks.added(others.added(labelled, parts.modality()), parts.modality()));
    Base base = opened.fittedTo(split.training());
    companions.checkAgainst(base);
    Task task = tasks.task(split);
    try (Model model = base.weights().isPresent() ? base.pretrained() : base.random();
        Companions.Models models = companions.models()) {
      task.putHeadOn(model);
      Subject subject =
          new Subject(
              model,
              base.family().foldedNormalisation(base.spec()),
              task,
              split.training().size(),
              task.augmentation(base.preprocessing()),
              base.preprocessing().strongAugmentation(),
              split.others().keySet(),
              split.sameExamples(),
              models.byName());
      Plan plan = Planner.plan(request.methods(), request.seed(), subject, registry);
      return new Prepared(base, read, split, task, plan, companions);
    }
  }

  @Override
  public void close() {
    base.close();
    companions.close();
  }
}
