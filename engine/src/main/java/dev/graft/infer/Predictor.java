package dev.graft.infer;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Modality;
import dev.graft.spi.ModelFamily;
import dev.graft.spi.Surgery;
import dev.graft.task.Task;
import dev.graft.task.Tasks;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Predicts with one bundle. Safe for any number of threads: each call computes on the thread that
 * makes it, in a scope of its own, and leaves no tensor behind.
 */
public final class Predictor implements AutoCloseable {

  private final Manifest manifest;
  private final Model model;
  private final Task task;
  private final Modality modality;
  private final Preprocessing preprocessing;

  private Predictor(Manifest manifest, Model model, Task task, Modality modality) {
    this.manifest = manifest;
    this.model = model;
    this.task = task;
    this.modality = modality;
    this.preprocessing = modality.preprocessing(manifest.preprocessing());
  }

  /** Opens a bundle's model. */
  public static Predictor open(Bundle bundle, Registry registry) throws IOException {
    Manifest manifest = bundle.manifest();
    Task task = Tasks.of(manifest.task(), manifest.taskSettings());
    ModelFamily family = registry.get(ModelFamily.class, manifest.model().family());
    Model model = new Model(manifest.model(), family.build(manifest.model()));
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      for (Choice choice : manifest.surgery()) {
        Surgery surgery = registry.get(Surgery.class, choice.id());
        Settings settings = choice.settings().checked(choice.id(), surgery.settings());
        surgery.apply(model, settings, task);
      }
      Weights weights = bundle.weights();
      for (Map.Entry<String, Tensor> entry : model.state().entrySet()) {
        entry.getValue().copyInPlace(Tensor.of(weights.get(entry.getKey())));
      }
    } catch (RuntimeException | IOException e) {
      model.close();
      throw e;
    }
    return new Predictor(manifest, model, task, registry.get(Modality.class, manifest.modality()));
  }

  /** What the bundle says about itself. */
  public Manifest manifest() {
    return manifest;
  }

  /** What the model does. */
  public Task task() {
    return task;
  }

  /** Predicts for files. */
  public List<Prediction> predict(List<Path> files, int top) throws IOException {
    List<Example> examples = new ArrayList<>();
    for (Path file : files) {
      examples.add(modality.decode(file.toString(), Files.readAllBytes(file)));
    }
    return predictExamples(examples, top);
  }

  /** Predicts for one input as a client sends it: the bytes of a picture, a row, a text. */
  public Prediction predict(String id, byte[] content, int top) throws IOException {
    return predictExamples(List.of(modality.decode(id, content)), top).get(0);
  }

  /**
   * Predicts for decoded examples, all in one batch.
   *
   * @param top number of classes to return per example
   */
  public List<Prediction> predictExamples(List<Example> examples, int top) {
    double[][] scores = scores(examples);
    List<Prediction> result = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      String id = examples.get(i).id();
      result.add(
          task.labels().isEmpty()
              ? new Prediction(id, List.of(), scores[i][0])
              : new Prediction(id, best(scores[i], top), Double.NaN));
    }
    return result;
  }

  /** Scores of decoded examples, all in one batch, as the task gives them. */
  public double[][] scores(List<Example> examples) {
    List<Example> ready =
        examples.stream().map(example -> preprocessing.evalTransform().apply(example)).toList();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      return task.scores(model.forward(preprocessing.collate(ready)));
    }
  }

  private List<Prediction.Candidate> best(double[] scores, int top) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
        .limit(top)
        .map(i -> new Prediction.Candidate(task.labels().get(i), scores[i]))
        .toList();
  }

  @Override
  public void close() {
    model.close();
  }
}
