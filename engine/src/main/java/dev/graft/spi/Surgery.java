package dev.graft.spi;

import dev.graft.model.Model;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.task.Task;
import java.util.List;

/** A change of a network before training: a new head, an adapter around a layer. */
public interface Surgery extends Plugin {

  /** Settings it understands, with their defaults. */
  default List<Setting> settings() {
    return List.of();
  }

  /** Changes the network. Called once on the way to training and once when a bundle is opened. */
  void apply(Model model, Settings settings, Task task);
}
