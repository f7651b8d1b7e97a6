package dev.graft.adapters.peft;

import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Modules that are saved whole beside an adapter: {@code modules_to_save}. */
final class WholeModules {

  private WholeModules() {}

  /** Paths of the head and of the normalisations that keep statistics. */
  static Set<String> of(Model model) {
    Set<String> whole = new LinkedHashSet<>();
    whole.add(model.network().headPath());
    model
        .modules()
        .forEach(
            (path, module) -> {
              if (module.buffers().containsKey("running_mean")) {
                whole.add(path);
              }
            });
    return whole;
  }

  static boolean isOfAdapter(String full, Model model) {
    var parameter = model.parameters().get(full);
    return parameter != null && parameter.kind() == ParameterKind.ADAPTER;
  }

  /** Refuses what the configuration does not list; by name in the file and in the model. */
  static void requireListed(Map<String, String> whole, List<String> saved, Path folder)
      throws IOException {
    for (Map.Entry<String, String> each : whole.entrySet()) {
      if (saved.stream().noneMatch(module -> Config.isEndOf(module, parent(each.getValue())))) {
        throw new IOException(
            "tensor '%s' of '%s' belongs to a module that is not among modules_to_save %s"
                .formatted(each.getKey(), folder, saved));
      }
    }
  }

  /** The module that a tensor belongs to. */
  static String parent(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  /** The modules that tensors belong to. */
  static Set<String> parents(Iterable<String> names) {
    Set<String> owners = new LinkedHashSet<>();
    names.forEach(name -> owners.add(parent(name)));
    return owners;
  }
}
