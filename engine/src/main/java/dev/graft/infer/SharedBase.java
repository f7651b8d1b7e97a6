package dev.graft.infer;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleException;
import dev.graft.bundle.Manifest;
import dev.graft.data.Preprocessing;
import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.registry.Registry;
import dev.graft.spi.Modality;
import dev.graft.task.Task;
import dev.graft.task.Tasks;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.weights.LoadRules;
import dev.graft.weights.WeightLoader;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One base in memory, and any number of models made from it, each of which adds only what its
 * bundle {@linkplain Bundle#isWhole() without the base} holds. Single requests for different models
 * are computed in one batch where the models read their inputs alike and differ from the base in
 * whole layers, as adapters do; others are computed alone, over the shared memory all the same.
 * Normalisations are not folded: folded weights would be each model's own. Safe for any thread.
 *
 * <p>It may be closed before its models are: memory goes with its last user.
 */
public final class SharedBase implements AutoCloseable {

  private final Manifest.BaseReference reference;
  private final Model pretrained;
  private final Registry registry;
  private final PredictorOptions options;
  private final Map<Kind, Mix> mixes = new HashMap<>();
  private boolean closed;

  /** Who opens a model holds it for reading, who closes the base for writing. */
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  /** What models must agree in to be computed together; equal settings mean equal preprocessing. */
  private record Kind(String modality, Map<String, Object> preprocessing, String task) {}

  /**
   * A base that is loaded already.
   *
   * @param reference its name, and the digest that bundles know it by
   * @param pretrained closed with this
   * @param options of all predictors that are opened here
   */
  public SharedBase(
      Manifest.BaseReference reference,
      Model pretrained,
      Registry registry,
      PredictorOptions options) {
    this.reference = reference;
    this.pretrained = pretrained;
    this.registry = registry;
    this.options = options;
  }

  /** Its name and digest. */
  public Manifest.BaseReference reference() {
    return reference;
  }

  /** True if a bundle needs this base. */
  public boolean fits(Bundle bundle) {
    return !bundle.isWhole() && bundle.manifest().base().digest().equals(reference.digest());
  }

  /**
   * Opens a model. Blocks no requests for the others.
   *
   * @throws BundleException if the bundle is whole, was made from another base, or does not fit
   *     together
   */
  public Predictor open(Bundle bundle) throws IOException {
    if (!fits(bundle)) {
      throw new BundleException(
          "'%s' %s; it cannot share the base '%s' with digest %s"
              .formatted(
                  bundle.folder(),
                  bundle.isWhole()
                      ? "holds all its weights"
                      : "was made from the base '%s' with digest %s"
                          .formatted(
                              bundle.manifest().base().name(), bundle.manifest().base().digest()),
                  reference.name(),
                  reference.digest()),
          null);
    }
    Manifest manifest = bundle.manifest();
    inUse.readLock().lock();
    try {
      if (closed) {
        throw PredictorException.closed();
      }
      Task task = Tasks.of(manifest.task(), manifest.taskSettings());
      Modality modality = registry.get(Modality.class, manifest.modality());
      Model model = model(bundle, task);
      try {
        return open(bundle, model, task, modality);
      } catch (RuntimeException | IOException e) {
        model.close();
        throw e;
      }
    } catch (PredictorException e) {
      throw e;
    } catch (RuntimeException e) {
      // A manifest is foreign text; what it says may trip any plugin that reads its settings.
      throw new BundleException(
          "'%s' cannot be used here: %s".formatted(bundle.folder(), e.getMessage()), e);
    } finally {
      inUse.readLock().unlock();
    }
  }

  private Predictor open(Bundle bundle, Model model, Task task, Modality modality)
      throws IOException {
    Task answered = OpenedModel.chosen(task, options.task());
    synchronized (this) {
      Manifest manifest = bundle.manifest();
      Kind kind = new Kind(manifest.modality(), manifest.preprocessing(), manifest.task());
      Mix mix = mixes.get(kind);
      if (mix == null) {
        mix = newMix(bundle, task, modality);
        mixes.put(kind, mix);
      }
      Optional<Map<String, Layer>> layers = Differences.of(mix.trunk(), model);
      if (layers.isPresent()) {
        OpenedModel opened = new OpenedModel(model, answered, modality, mix.preprocessing());
        Mix joined = mix;
        Mix.Seat seat = mix.join(opened, layers.get(), () -> release(kind, joined));
        return Predictor.within(manifest, opened, options, seat);
      }
      if (mix.isEmpty()) {
        mixes.remove(kind).close(); // nobody can be waiting for it
      }
    }
    Preprocessing own =
        modality.preprocessing(bundle.manifest().preprocessing(), bundle.sideFiles());
    OpenedModel opened = new OpenedModel(model, answered, modality, own);
    return Predictor.alone(bundle.manifest(), opened, options);
  }

  private void release(Kind kind, Mix mix) {
    synchronized (this) {
      if (!mix.isEmpty() || mixes.get(kind) != mix) {
        return;
      }
      mixes.remove(kind);
    }
    mix.close();
  }

  /**
   * The network that a bundle describes, over the memory of the base where it has no own values.
   */
  private Model model(Bundle bundle, Task task) throws IOException {
    Model model = OpenedModel.blank(bundle.manifest(), bundle.manifest().surgery(), task, registry);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Weights stored = bundle.stored();
      Map<String, Tensor> shared = shared(model);
      shared.keySet().removeAll(stored.names());
      WeightLoader.load(model, stored, LoadRules.strict().replaceable(shared.keySet()));
      share(model, shared);
      return model;
    } catch (RuntimeException | IOException e) {
      model.close();
      throw e;
    }
  }

  private Mix newMix(Bundle bundle, Task task, Modality modality) throws IOException {
    Manifest manifest = bundle.manifest();
    Model trunk = OpenedModel.blank(manifest, List.of(Plan.HEAD), task, registry);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      share(trunk, shared(trunk));
      return new Mix(
          trunk, modality.preprocessing(manifest.preprocessing(), bundle.sideFiles()), options);
    } catch (RuntimeException | IOException e) {
      trunk.close();
      throw e;
    }
  }

  /** The tensors of the base, by name, that a network has too. */
  private Map<String, Tensor> shared(Model model) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    Map<String, Tensor> state = model.state();
    pretrained
        .state()
        .forEach(
            (name, tensor) -> {
              Tensor own = state.get(name);
              if (own != null
                  && own.dtype() == tensor.dtype()
                  && Arrays.equals(own.shape(), tensor.shape())) {
                found.put(name, tensor);
              }
            });
    return found;
  }

  private static void share(Model model, Map<String, Tensor> shared) {
    Map<String, Tensor> state = model.state();
    shared.forEach((name, tensor) -> state.get(name).replaceData(tensor));
  }

  /** Frees what only this holds; predictors that are open go on, and no more are opened. */
  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        pretrained.close();
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
