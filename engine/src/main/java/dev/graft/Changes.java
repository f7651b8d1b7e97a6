package dev.graft;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleException;
import dev.graft.bundle.Manifest;
import dev.graft.model.Model;
import dev.graft.registry.Registry;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Bundles without what their base has: adapters, the head, statistics that moved, whatever else has
 * other bits than in the base. The base is known by the digest of its weights, and no other is
 * taken.
 */
final class Changes {

  /** Names, one a line, of tensors of the base that the trained network has not. */
  private static final String WITHOUT = "base_without";

  private final Registry registry;

  Changes(Registry registry) {
    this.registry = registry;
  }

  /** Writes a bundle once more, without what the base has. */
  Bundle cut(Path bundle, Path base, Path target) throws IOException {
    Bundle whole = Bundle.open(bundle);
    Map<String, HostTensor> known = known(whole, base);
    Weights weights = whole.weights();
    Map<String, HostTensor> changed = new LinkedHashMap<>();
    for (String name : weights.names()) {
      HostTensor tensor = weights.get(name);
      if (!tensor.equals(known.get(name))) {
        changed.put(name, tensor);
      }
    }
    Set<String> dropped = new LinkedHashSet<>(known.keySet());
    dropped.removeAll(weights.names());
    Weights changes = Weights.of(changed, Map.of(WITHOUT, String.join("\n", dropped)));
    return Bundle.writeChanges(target, whole.manifest(), changes, whole.otherFiles());
  }

  /** Writes a bundle that needs its base once more, with all weights. */
  Bundle join(Path bundle, Path base, Path target) throws IOException {
    Bundle completed = open(bundle, base);
    Weights weights = completed.weights();
    Map<String, HostTensor> all = new LinkedHashMap<>();
    weights.names().forEach(name -> all.put(name, weights.get(name)));
    return Bundle.write(target, completed.manifest(), all, completed.otherFiles());
  }

  /**
   * Opens a bundle with its base.
   *
   * @throws BundleException if it is whole, or was made from another base
   */
  Bundle open(Path bundle, Path base) throws IOException {
    Bundle opened = Bundle.open(bundle);
    if (opened.isWhole()) {
      throw new BundleException(
          "'%s' holds all its weights; open it without a base".formatted(bundle), null);
    }
    Map<String, HostTensor> all = known(opened, base);
    Weights changes = opened.stored();
    for (String name : changes.metadata().getOrDefault(WITHOUT, "").split("\n")) {
      all.remove(name);
    }
    changes.names().forEach(name -> all.put(name, changes.get(name)));
    return opened.completed(Weights.of(all));
  }

  /** Everything in a base, which must be the one that a bundle was made from. */
  private Map<String, HostTensor> known(Bundle bundle, Path folder) throws IOException {
    Manifest.BaseReference made = bundle.manifest().base();
    if (made.digest().isEmpty()) {
      throw new BundleException(
          "'%s' was trained from random weights; there is no base that it could do with"
              .formatted(bundle.folder()),
          null);
    }
    try (Base base = Base.open(folder, Map.of(), registry)) {
      return known(base, made, bundle);
    }
  }

  private static Map<String, HostTensor> known(
      Base base, Manifest.BaseReference made, Bundle bundle) throws IOException {
    String digest = base.digest();
    if (!digest.equals(made.digest())) {
      throw new BundleException(
          "'%s' was made from the base '%s' with digest %s; '%s' has digest %s"
              .formatted(bundle.folder(), made.name(), made.digest(), base.folder(), digest),
          null);
    }
    Map<String, HostTensor> all = new LinkedHashMap<>();
    try (Model model = base.pretrained();
        Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> all.put(name, tensor.toHost()));
    }
    return all;
  }
}
