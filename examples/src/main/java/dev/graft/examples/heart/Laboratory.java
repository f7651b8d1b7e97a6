package dev.graft.examples.heart;

import dev.graft.Base;
import dev.graft.ScratchFolder;
import dev.graft.data.Dataset;
import dev.graft.data.Split;
import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.registry.Registry;
import dev.graft.report.TrainResult;
import dev.graft.spi.Subject;
import dev.graft.task.Classification;
import dev.graft.task.Task;
import dev.graft.train.Planner;
import dev.graft.train.TrainJob;
import dev.graft.train.TrainListener;
import dev.graft.train.TrainOptions;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains on some patients and tests on others.
 *
 * @param base what is transferred, or what gives the network its form
 * @param registry the plugins
 */
record Laboratory(Base base, Registry registry) {

  private static final int FOLDS = 4;

  /** What the base says about patients as it is. */
  double unadapted(Dataset test) {
    Dataset none = test.subset(new int[0]);
    Plan plan = Plan.start(0).withSurgery(List.of());
    return run(plan, new Split(none, none, test)).test().get("roc_auc");
  }

  /** Trains by a recipe on all labelled rows; the figures of the test rows. */
  TrainResult train(Recipe recipe, long seed, Dataset labelled, Dataset test) {
    // Without a validation part the last weights count: no row is spent on choosing an epoch.
    Split split = new Split(labelled, labelled.subset(new int[0]), test);
    Task task = new Classification(labelled.classes());
    Plan plan;
    try (Model model = base.pretrained()) {
      Subject subject =
          new Subject(
              model, false, task, labelled.size(), base.preprocessing().usualAugmentation());
      plan = Planner.plan(Planner.parse(recipe.methods()), seed, subject, registry);
    }
    return run(recipe.keepsHead() ? plan.withSurgery(List.of()) : plan, split);
  }

  /**
   * The recipe with the lowest log loss in a cross-validation over the labelled rows; no other row
   * is looked at.
   */
  Recipe chosen(List<Recipe> recipes, long seed, Dataset labelled) {
    return recipes.stream()
        .min(Comparator.comparingDouble(recipe -> crossValidated(recipe, seed, labelled)))
        .orElseThrow();
  }

  private double crossValidated(Recipe recipe, long seed, Dataset labelled) {
    double loss = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      int left = fold;
      int[] kept = rows(labelled, i -> i % FOLDS != left);
      int[] held = rows(labelled, i -> i % FOLDS == left);
      TrainResult result = train(recipe, seed, labelled.subset(kept), labelled.subset(held));
      loss += result.test().get("loss") * held.length;
    }
    return loss / labelled.size();
  }

  private static int[] rows(Dataset data, java.util.function.IntPredicate which) {
    return IntStream.range(0, data.size()).filter(which).toArray();
  }

  private TrainResult run(Plan plan, Split split) {
    try (ScratchFolder folder = ScratchFolder.create("graft-heart");
        Trainer trainer = new Trainer(job(plan, split, folder.path()))) {
      return trainer.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainJob job(Plan plan, Split split, Path folder) {
    return new TrainJob(
        plan,
        base,
        new Classification(split.test().classes()),
        split,
        base.preprocessing(),
        folder,
        TrainOptions.defaults(),
        registry,
        TrainListener.NONE,
        () -> false);
  }
}
