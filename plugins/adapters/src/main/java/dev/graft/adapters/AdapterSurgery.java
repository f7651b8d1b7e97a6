package dev.graft.adapters;

import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Surgery;
import dev.graft.task.Task;
import java.util.List;
import java.util.Set;

/** Puts an adapter of one kind on every target; each kind has a subclass with a services entry. */
public abstract class AdapterSurgery implements Surgery {

  /** Name of the adapter that a method trains; numbered where there is one already. */
  public static final String DEFAULT_NAME = "default";

  private final AdapterKind kind;

  /** The surgery of a kind. */
  protected AdapterSurgery(AdapterKind kind) {
    this.kind = kind;
  }

  /** What it puts into a network. */
  public final AdapterKind kind() {
    return kind;
  }

  @Override
  public final About about() {
    return kind.about();
  }

  @Override
  public final List<Setting> settings() {
    return kind.settings();
  }

  @Override
  public final void apply(Model model, Settings settings, Task task) {
    // A base may carry the adapter of an earlier transfer.
    Set<String> taken = AdapterSet.of(model).names();
    String name = DEFAULT_NAME;
    for (int i = 2; taken.contains(name); i++) {
      name = DEFAULT_NAME + "_" + i;
    }
    put(model, name, kind, settings);
  }

  /** Puts adapters of a kind on its targets, under a name of their own. */
  static void put(Model model, String name, AdapterKind kind, Settings settings) {
    List<String> targets = Targets.find(model, kind, settings);
    Targets.refuseTied(model, kind.about().id(), targets);
    List<AdaptedLayer> layers = targets.stream().map(path -> adapted(model, path)).toList();
    List<Adapter> made =
        kind.maker().make(layers.stream().map(AdaptedLayer::host).toList(), settings);
    for (int i = 0; i < made.size(); i++) {
      layers.get(i).add(name, made.get(i));
    }
  }

  /** The layer of a path with room for adapters. */
  private static AdaptedLayer adapted(Model model, String path) {
    var child = Modules.child(model.network(), path);
    Layer layer = child.layer();
    if (layer instanceof AdaptedLayer already) {
      return already;
    }
    AdaptedLayer wrapper = new AdaptedLayer(path, layer, model.featureCount());
    child.replace(wrapper);
    return wrapper;
  }
}
