package dev.graft.server;

import dev.graft.Graft;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleException;
import dev.graft.infer.Predictor;
import dev.graft.infer.SharedBase;
import dev.graft.plan.Choice;
import dev.graft.registry.Registry;
import dev.graft.server.access.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens bundles: whole ones alone, others over their base, which is in memory once for all of them.
 */
final class BundleOpener implements AutoCloseable {

  /** The setting of a change that says how large it is. */
  private static final String RANK = "rank";

  private final Registry registry;
  private final ModelOptions options;
  private final List<SharedBase> bases = new ArrayList<>();

  /** For the inputs of all models over a base, by its name. */
  private final Map<String, Room> rooms = new HashMap<>();

  /**
   * Loads the bases.
   *
   * @throws IOException if one cannot be loaded, or two have the same name or weights
   */
  BundleOpener(ModelOptions options, Registry registry) throws IOException {
    this.registry = registry;
    this.options = options;
    try {
      for (Path folder : options.bases()) {
        add(Graft.with(registry).sharedBase(folder, options.predicting()));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void add(SharedBase base) throws IOException {
    bases.add(base);
    String name = base.reference().name();
    String digest = base.reference().digest();
    rooms.put(name, new Room(options.predicting().capacity()));
    long alike =
        bases.stream()
            .map(SharedBase::reference)
            .filter(other -> other.name().equals(name) || other.digest().equals(digest))
            .count();
    if (alike > 1 || !Names.isName(name)) {
      throw new IOException(
          ("the base '%s' cannot be told from another, or has a name that no request can say; give"
                  + " each base once, in a folder named with letters, digits, '.', '_' and '-'")
              .formatted(name));
    }
  }

  /** The base that a bundle is opened over, by name; empty for a whole bundle. */
  Optional<String> baseOf(Bundle bundle) throws BundleException {
    return bundle.isWhole() ? Optional.empty() : Optional.of(shared(bundle).reference().name());
  }

  /** Room for the inputs of a model, by the name of its base where it has one. */
  Room room(Optional<String> base) {
    return base.isPresent() ? rooms.get(base.get()) : new Room(options.predicting().capacity());
  }

  /** True if there is a base of a name. */
  boolean isBase(String name) {
    return bases.stream().anyMatch(base -> base.reference().name().equals(name));
  }

  private SharedBase shared(Bundle bundle) throws BundleException {
    return bases.stream()
        .filter(base -> base.fits(bundle))
        .findFirst()
        .orElseThrow(
            () ->
                new BundleException(
                    "'%s' holds only what differs from the base '%s' with digest %s; name that base to the server too"
                        .formatted(
                            bundle.folder(),
                            bundle.manifest().base().name(),
                            bundle.manifest().base().digest()),
                    null));
  }

  /**
   * Opens a bundle.
   *
   * @throws IOException if it cannot be opened, has an adapter of too high a rank, or its answers
   *     cannot be told
   */
  Predictor open(Bundle bundle) throws IOException {
    checkRanks(bundle);
    Predictor predictor =
        bundle.isWhole()
            ? Predictor.open(bundle, registry, options.predicting())
            : shared(bundle).open(bundle);
    if (!Outputs.SERVED.contains(predictor.task().targetKind())) {
      predictor.close();
      throw new IOException(
          "'%s' does %s, which is not served; labels, numbers and parts of inputs are"
              .formatted(bundle.folder(), predictor.task().id()));
    }
    return predictor;
  }

  /** Looks at what the manifest says, because memory is taken as soon as a network is built. */
  private void checkRanks(Bundle bundle) throws BundleException {
    for (Choice change : bundle.manifest().surgery()) {
      // As a double, in which no number wraps around: any may stand there.
      if (change.settings().values().get(RANK) instanceof Number rank
          && rank.doubleValue() > options.maxRank()) {
        throw new BundleException(
            "'%s' has %s of rank %s, at most %d are loaded; fit it with a lower rank, or raise the bound"
                .formatted(bundle.folder(), change.id(), rank, options.maxRank()),
            null);
      }
    }
  }

  /** Frees the bases; predictors that are open go on. */
  @Override
  public void close() {
    bases.forEach(SharedBase::close);
  }
}
