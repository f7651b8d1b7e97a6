package dev.graft.adapters.peft;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterSet;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.plan.Choice;
import dev.graft.spi.About;
import dev.graft.spi.Interchange;
import dev.graft.spi.Surgery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** PEFT's folders as a layout that bundles are exported to and imported from. */
public final class PeftLayout implements Interchange {

  @Override
  public About about() {
    return new About(
        "peft", "adapter_config.json and adapter_model.safetensors", "Hugging Face PEFT 0.17");
  }

  @Override
  public void write(Trained trained, Path folder) throws IOException {
    Map<String, AdapterKind> kinds = kinds(trained.known());
    List<Choice> adapters =
        trained.surgery().stream().filter(choice -> kinds.containsKey(choice.id())).toList();
    if (adapters.size() != 1) {
      throw new IllegalArgumentException(
          "PEFT's layout holds one adapter, this bundle has %d: its surgery is %s"
              .formatted(adapters.size(), trained.surgery().stream().map(Choice::id).toList()));
    }
    Choice choice = adapters.get(0);
    PeftFolder.at(folder)
        .write(
            trained.model(),
            AdapterSurgery.DEFAULT_NAME,
            kinds.get(choice.id()),
            choice.settings(),
            trained.base());
  }

  @Override
  public List<Choice> read(Trained into, Path folder) throws IOException {
    Map<String, AdapterKind> kinds = kinds(into.known());
    AdapterSet set = AdapterSet.of(into.model());
    try {
      List.copyOf(set.names()).forEach(set::remove);
    } catch (IllegalStateException e) {
      throw new IOException("the bundle cannot take another adapter: " + e.getMessage(), e);
    }
    PeftFolder.Content content =
        PeftFolder.at(folder)
            .read(into.model(), AdapterSurgery.DEFAULT_NAME, List.copyOf(kinds.values()));
    List<Choice> surgery = new ArrayList<>(into.surgery());
    surgery.removeIf(choice -> kinds.containsKey(choice.id()));
    surgery.add(new Choice(content.kind().about().id(), content.settings()));
    return surgery;
  }

  /** Kinds of adapters by id. */
  private static Map<String, AdapterKind> kinds(List<Surgery> known) {
    Map<String, AdapterKind> kinds = new LinkedHashMap<>();
    for (Surgery surgery : known) {
      if (surgery instanceof AdapterSurgery adapters) {
        kinds.put(surgery.about().id(), adapters.kind());
      }
    }
    return kinds;
  }
}
