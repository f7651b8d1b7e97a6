package dev.graft.infer;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleException;
import dev.graft.bundle.Manifest;
import dev.graft.data.Preprocessing;
import dev.graft.layers.Initial;
import dev.graft.model.Model;
import dev.graft.model.NormFolding;
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
import dev.graft.weights.LoadRules;
import dev.graft.weights.WeightLoader;
import java.io.IOException;
import java.util.List;

/**
 * What a bundle describes, built and loaded.
 *
 * @param model with its weights; owned by whoever opened it
 * @param task what it does
 * @param modality reads raw inputs
 * @param preprocessing makes the model's inputs of them
 */
record OpenedModel(Model model, Task task, Modality modality, Preprocessing preprocessing)
    implements AutoCloseable {

  /**
   * Builds the network, changes it as training did, and loads the weights: all of them or nothing.
   *
   * @throws BundleException if a plugin that the bundle names is absent, or what it says does not
   *     fit together
   */
  static OpenedModel open(Bundle bundle, Registry registry, boolean foldNorms) throws IOException {
    Manifest manifest = bundle.manifest();
    try {
      Task task = Tasks.of(manifest.task(), manifest.taskSettings());
      Modality modality = registry.get(Modality.class, manifest.modality());
      Preprocessing preprocessing =
          modality.preprocessing(manifest.preprocessing(), bundle.sideFiles());
      try {
        return new OpenedModel(
            model(bundle, task, registry, foldNorms), task, modality, preprocessing);
      } catch (RuntimeException | IOException e) {
        preprocessing.close();
        throw e;
      }
    } catch (RuntimeException e) {
      // A manifest is foreign text; what it says may trip any plugin that reads its settings.
      throw new BundleException(
          "'%s' cannot be used here: %s".formatted(bundle.folder(), e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    model.close();
    preprocessing.close();
  }

  /** The same model, answering for one of its tasks; for the first where the name is empty. */
  OpenedModel withTask(String name) {
    return new OpenedModel(model, chosen(task, name), modality, preprocessing);
  }

  /** One of the tasks of a model; the first where the name is empty. */
  static Task chosen(Task task, String name) {
    if (name.isEmpty()) {
      return task;
    }
    Task chosen = task.all().get(name);
    if (chosen == null) {
      throw new IllegalArgumentException(
          "the model does no task '%s'; it does %s".formatted(name, task.all().keySet()));
    }
    return chosen;
  }

  private static Model model(Bundle bundle, Task task, Registry registry, boolean foldNorms)
      throws IOException {
    Manifest manifest = bundle.manifest();
    Model model = blank(manifest, manifest.surgery(), task, registry);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      WeightLoader.load(model, bundle.weights(), LoadRules.strict());
      if (foldNorms) {
        NormFolding.fold(model, model.groups().size());
      }
      return model;
    } catch (RuntimeException | IOException e) {
      model.close();
      throw e;
    }
  }

  /**
   * The network that a bundle describes, with values of no meaning.
   *
   * @param surgeries what is changed in it, in order
   */
  static Model blank(Manifest manifest, List<Choice> surgeries, Task task, Registry registry) {
    ModelFamily family = registry.get(ModelFamily.class, manifest.model().family());
    try (Initial.Blank unset = Initial.blank()) {
      Model model =
          new Model(manifest.model(), family.build(manifest.model())).withChannelsInnermost();
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        for (Choice choice : surgeries) {
          Surgery surgery = registry.get(Surgery.class, choice.id());
          Settings settings = choice.settings().checked(choice.id(), surgery.settings());
          surgery.apply(model, settings, task);
        }
        return model;
      } catch (RuntimeException e) {
        model.close();
        throw e;
      }
    }
  }
}
