package dev.graft.regularization;

import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Module;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import dev.graft.spi.Surgery;
import dev.graft.spi.TransferMethod;
import dev.graft.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stochastic normalisation: while training, each channel of a batch normalisation takes at random
 * the batch's statistics or the running ones. Bundles hold the same names and values as before.
 */
public final class StochNorm implements TransferMethod {

  private static final About ABOUT =
      new About(
          "stochnorm",
          "batch or running statistics at random, channel by channel",
          "Kou et al. 2020, NeurIPS; defaults: TLlib");

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.number(
              "p", 0.5, 0, 1, "probability that a channel takes the batch's statistics"));

  @Override
  public About about() {
    return ABOUT;
  }

  @Override
  public Role role() {
    return Role.ADDITION;
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    boolean adapts = false;
    for (Phase phase : plan.phases()) {
      adapts |=
          Selection.of(phase, subject.model()).adapting().stream()
              .anyMatch(path -> subject.model().modules().get(path) instanceof BatchNorm2d);
    }
    if (!adapts) {
      throw plan.refusal(ABOUT.id(), "no batch normalisation uses the batch's statistics");
    }
    return plan.plusSurgery(new Choice(ABOUT.id(), settings));
  }

  /** Puts the layers in place. */
  public static final class Layers implements Surgery {

    @Override
    public About about() {
      return ABOUT;
    }

    @Override
    public List<Setting> settings() {
      return SETTINGS;
    }

    @Override
    public void apply(Model model, Settings settings, Task task) {
      double p = settings.number("p");
      for (Map.Entry<String, Module> entry : new ArrayList<>(model.modules().entrySet())) {
        if (entry.getValue() instanceof BatchNorm2d norm) {
          Modules.child(model.network(), entry.getKey()).replace(new StochNormLayer(norm, p));
          norm.close();
        }
      }
      model.regroup();
    }
  }
}
