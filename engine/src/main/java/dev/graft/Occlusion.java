package dev.graft;

import dev.graft.data.Example;
import dev.graft.model.Model;
import dev.graft.report.ShadedWords;
import dev.graft.spi.Modality;
import dev.graft.task.Task;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.train.TrainJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out which words of an example a prediction hangs on: what is left of its probability when
 * they are left out (Zeiler and Fergus 2014; Li et al. 2016). Neighbours of a long text are left
 * out together.
 */
final class Occlusion {

  /** An example is predicted at most so many times more. */
  private static final int PIECES = 24;

  private final TrainJob job;
  private final Model model;
  private final Modality modality;

  /** Of a trained model, which is in evaluation mode afterwards. */
  Occlusion(TrainJob job, Model model) {
    this.job = job;
    this.model = model;
    this.modality = job.registry().get(Modality.class, job.preprocessing().modality());
    model.network().setTrainingAll(false);
  }

  /**
   * The example with its words shaded, as HTML; empty where examples have no words, or one alone.
   *
   * @param label index of the predicted class
   */
  Optional<String> html(Example raw, int label) {
    List<String> words = modality.words(raw);
    int length = (words.size() + PIECES - 1) / PIECES;
    List<Example> examples = new ArrayList<>();
    examples.add(raw);
    for (int from = 0; from < words.size(); from += length) {
      int to = Math.min(words.size(), from + length);
      Optional<Example> without = modality.withoutWords(raw, from, to);
      if (without.isEmpty()) {
        return Optional.empty();
      }
      examples.add(without.get());
    }
    if (examples.size() < 3) {
      return Optional.empty();
    }
    double[][] scores = scores(examples);
    double[] without = new double[words.size()];
    for (int word = 0; word < without.length; word++) {
      without[word] = scores[1 + word / length][label];
    }
    return Optional.of(ShadedWords.html(words, scores[0][label], without));
  }

  private double[][] scores(List<Example> examples) {
    Task task = job.task().all().get(Task.MAIN);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      NamedTensors inputs =
          job.preprocessing()
              .collate(examples.stream().map(job.preprocessing().evalTransform()::apply).toList());
      return task.scores(model.forward(inputs), inputs);
    }
  }
}
