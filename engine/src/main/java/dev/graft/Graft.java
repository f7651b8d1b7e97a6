package dev.graft;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.infer.SharedBase;
import dev.graft.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The way in. Holds the plugins it was made with and nothing else; safe to share. */
public final class Graft {

  private final Registry registry;

  private Graft(Registry registry) {
    this.registry = registry;
  }

  /** With the plugins of the present class loader. */
  public static Graft create() {
    return with(Registry.load(Thread.currentThread().getContextClassLoader()));
  }

  /** With the given plugins. */
  public static Graft with(Registry registry) {
    return new Graft(registry);
  }

  /** The plugins. */
  public Registry registry() {
    return registry;
  }

  /**
   * A transfer from a base model to the task of a data folder, with defaults for everything else.
   *
   * @param base folder of a pretrained model
   * @param data folder of labelled examples
   */
  public Transfer transfer(Path base, Path data) {
    return new Transfer(registry, TransferRequest.of(base, data));
  }

  /** Goes on with the run of a folder, as it was asked for; see {@link Transfer#fit}. */
  public Transfer resume(Path run) throws IOException {
    return Transfer.resume(registry, run);
  }

  /** Opens a bundle for prediction of one of its tasks, by name. */
  public Predictor predictor(Path bundle, String task) throws IOException {
    PredictorOptions options = PredictorOptions.defaults().withTask(task);
    return Predictor.open(Bundle.open(bundle), registry, options);
  }

  /** Opens a bundle for prediction. */
  public Predictor predictor(Path bundle) throws IOException {
    return Predictor.open(Bundle.open(bundle), registry);
  }

  /**
   * Opens a bundle that holds only what differs from its base, for prediction of one of its tasks.
   *
   * @throws dev.graft.bundle.BundleException if it was made from another base; the message has both
   *     digests
   */
  public Predictor predictor(Path bundle, Path base, String task) throws IOException {
    PredictorOptions options = PredictorOptions.defaults().withTask(task);
    return Predictor.open(new Changes(registry).open(bundle, base), registry, options);
  }

  /**
   * Loads a base for any number of bundles that hold only what differs from it: in memory it is
   * there once, and requests for different models are computed together.
   *
   * @param options of all predictors that are opened from it
   */
  public SharedBase sharedBase(Path base, PredictorOptions options) throws IOException {
    try (Base opened = Base.open(base, Map.of(), registry)) {
      return new SharedBase(
          new Manifest.BaseReference(opened.name(), opened.digest()),
          opened.pretrained(),
          registry,
          options);
    }
  }

  /**
   * Writes a bundle once more with only what differs from its base: adapters, head, statistics.
   *
   * @throws dev.graft.bundle.BundleException if it was made from another base
   */
  @CanIgnoreReturnValue
  public Bundle withoutBase(Path bundle, Path base, Path target) throws IOException {
    return new Changes(registry).cut(bundle, base, target);
  }

  /** Undoes {@link #withoutBase}: writes a bundle with all weights. */
  @CanIgnoreReturnValue
  public Bundle withBase(Path bundle, Path base, Path target) throws IOException {
    return new Changes(registry).join(bundle, base, target);
  }

  /**
   * Writes what a bundle trained in the layout of another program.
   *
   * @param layout id of an {@link dev.graft.spi.Interchange}, for example {@code peft}
   */
  public void export(Path bundle, String layout, Path folder) throws IOException {
    new Exchange(registry).write(bundle, layout, folder);
  }

  /**
   * Writes a copy of a bundle in which what a folder holds takes the place of what was trained. The
   * copy has no figures: nobody has measured it.
   *
   * @param layout of the folder, id of an {@link dev.graft.spi.Interchange}
   * @param target where the copy goes
   */
  public Bundle importInto(Path bundle, String layout, Path folder, Path target)
      throws IOException {
    return new Exchange(registry).read(bundle, layout, folder, target);
  }
}
