package dev.graft.train;

import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Surgery;
import dev.graft.task.Task;

/** Puts a new head for the task in place of the pretrained one. */
public final class HeadSurgery implements Surgery {

  @Override
  public About about() {
    return new About("head", "Replaces the head by a new one for the task", "common practice");
  }

  @Override
  public void apply(Model model, Settings settings, Task task) {
    task.putHeadOn(model);
  }
}
