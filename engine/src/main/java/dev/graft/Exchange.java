package dev.graft;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.registry.Registry;
import dev.graft.spi.Interchange;
import dev.graft.spi.Surgery;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes bundles to the layouts of other programs and back. */
final class Exchange {

  private final Registry registry;

  Exchange(Registry registry) {
    this.registry = registry;
  }

  /** Writes what a bundle trained in a layout. */
  void write(Path bundle, String layout, Path folder) throws IOException {
    Interchange interchange = registry.get(Interchange.class, layout);
    Manifest manifest = Bundle.open(bundle).manifest();
    try (Model model = open(bundle)) {
      interchange.write(trained(model, manifest), folder);
    }
  }

  /** Writes a copy of a bundle with what a folder of a layout holds in it. */
  Bundle read(Path bundle, String layout, Path folder, Path target) throws IOException {
    Interchange interchange = registry.get(Interchange.class, layout);
    Bundle opened = Bundle.open(bundle);
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    try (Model model = open(bundle);
        Scope scope = Scope.open()) {
      List<Choice> surgery = interchange.read(trained(model, opened.manifest()), folder);
      model.state().forEach((name, tensor) -> weights.put(name, tensor.toHost()));
      Manifest manifest = opened.manifest().withContent(surgery, model.parameterCount());
      return Bundle.write(target, manifest, weights, opened.otherFiles());
    }
  }

  private Model open(Path bundle) throws IOException {
    try (Base base = Base.open(bundle, Map.of(), registry)) {
      return base.pretrained();
    }
  }

  private Interchange.Trained trained(Model model, Manifest manifest) {
    return new Interchange.Trained(
        model, manifest.surgery(), registry.all(Surgery.class), manifest.base().name());
  }
}
