package dev.graft.adapters.scaling;

import dev.graft.adapters.AdapterMethod;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import dev.graft.spi.TransferMethod;
import java.util.List;

/** Trains the scale and shift of layer normalisations, and the new head. */
public final class LayerNormTuning implements TransferMethod {

  private static final About ABOUT =
      new About(
          "layernorm-tuning",
          "trains scale and shift of layer normalisations",
          "Zhao et al. 2024, arXiv:2312.11420");

  @Override
  public About about() {
    return ABOUT;
  }

  @Override
  public Role role() {
    return Role.STRATEGY;
  }

  @Override
  public List<Setting> settings() {
    return AdapterMethod.recipe(1e-3);
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    Model model = subject.model();
    boolean statistics = !Selection.normalisations(model).isEmpty();
    boolean norms = model.parameters().values().stream().anyMatch(p -> p.kind().isNorm());
    if (statistics || !norms) {
      throw new IllegalArgumentException(
          "method 'layernorm-tuning': the network '%s' has %s; use bn-adapt or lora"
              .formatted(
                  model.spec().family(),
                  norms ? "batch normalisation" : "no normalisation before its head"));
    }
    List<Selector> selectors =
        List.of(
            Selector.kinds(List.of(ParameterKind.NORM_WEIGHT, ParameterKind.NORM_BIAS), 1)
                .withWeightDecay(0));
    return plan.withPhases(List.of(AdapterMethod.phase(ABOUT.id(), settings, subject, selectors)));
  }
}
