package dev.graft.freezing;

import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.ArrayList;
import java.util.List;

/** Trains everything, each layer at a fixed share of the rate of the one behind it. */
public final class LayerDecay extends Strategy {

  private static final Recipe.Usual USUAL =
      new Recipe.Usual(Recipe.NEW_HEAD, 0.001, 12, 150).withWordEpochs(4);

  /** Makes the method. */
  public LayerDecay() {
    super(
        new About(
            "layer-decay",
            "trains everything, with rates that fall layer by layer from the head",
            "Clark et al. 2020 (ELECTRA); Bao et al. 2022 (BEiT)"),
        USUAL.settings(
            Setting.number("decay", 0.65, 0.01, 1, "rate of a layer over that of the next one")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    List<Selector> selectors = selectors(subject.model(), settings.number("decay"));
    Recipe recipe = Recipe.of(settings, subject, USUAL);
    return plan.withPhases(List.of(recipe.phase("layer-decay", selectors)));
  }

  /** Rate decay^k for the layer that is k before the head. */
  static List<Selector> selectors(Model model, double decay) {
    List<Selector> selectors = new ArrayList<>();
    List<Layers.Layer> layers = Layers.of(model);
    int deepest = layers.get(layers.size() - 1).number();
    for (Layers.Layer layer : layers) {
      double rate = Math.pow(decay, deepest - layer.number());
      selectors.addAll(Rates.names(layer.group(), layer.names(), rate));
    }
    return selectors;
  }
}
