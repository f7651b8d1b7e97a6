package dev.graft.spi;

import dev.graft.model.Model;
import dev.graft.task.Task;
import java.util.Map;
import java.util.Set;

/**
 * What a plan is made for.
 *
 * @param model the network with its new head; methods read its names and groups and change nothing
 * @param foldedNormalisation whether the weights have their normalisation folded in
 * @param task what the model is to do
 * @param examples number of training examples
 * @param augmentation id of the random path that suits them, see {@code usualAugmentation}
 * @param strongAugmentation id of one that changes them more, see {@code strongAugmentation}
 * @param data names of the data sets besides training, validation and test that streams may name
 * @param sameExamples those of these names whose examples are the training examples, labelled
 *     otherwise
 * @param companions models that go along with the run, by name
 */
public record Subject(
    Model model,
    boolean foldedNormalisation,
    Task task,
    int examples,
    String augmentation,
    String strongAugmentation,
    Set<String> data,
    Set<String> sameExamples,
    Map<String, Companion> companions) {

  /** So many times the usual passes are made at most where examples are few. */
  public static final int MOST_TIMES = 5;

  private static final int FEW = 200;

  public Subject {
    data = Set.copyOf(data);
    sameExamples = Set.copyOf(sameExamples);
    companions = Map.copyOf(companions);
  }

  /** No data set is the training examples labelled otherwise. */
  public Subject(
      Model model,
      boolean foldedNormalisation,
      Task task,
      int examples,
      String augmentation,
      String strongAugmentation,
      Set<String> data,
      Map<String, Companion> companions) {
    this(
        model,
        foldedNormalisation,
        task,
        examples,
        augmentation,
        strongAugmentation,
        data,
        Set.of(),
        companions);
  }

  /** Without other data sets and models; the strong random path is the usual one. */
  public Subject(
      Model model, boolean foldedNormalisation, Task task, int examples, String augmentation) {
    this(
        model, foldedNormalisation, task, examples, augmentation, augmentation, Set.of(), Map.of());
  }

  /** Examples per update: 32, 16 where there are fewer than {@value #FEW}. */
  public int usualBatch() {
    return examples < FEW ? 16 : 32;
  }

  /**
   * Passes over the examples: the usual number, or more where that makes fewer than the least
   * number of updates.
   *
   * @param most passes that are made for the sake of updates
   */
  public int passes(int usual, int leastUpdates, int most, int batch) {
    int updates = Math.max(1, (examples + batch - 1) / batch);
    int enough = (leastUpdates + updates - 1) / updates;
    return Math.max(usual, Math.min(enough, most));
  }
}
