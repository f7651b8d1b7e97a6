package dev.graft.freezing;

import dev.graft.layers.ParameterKind;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.ArrayList;
import java.util.List;

/** Trains the head and the biases alone, those of normalisation layers included. */
public final class BitFit extends Strategy {

  private static final Recipe.Usual USUAL = new Recipe.Usual(Recipe.NEW_HEAD, 0.001, 15, 200);
  private static final List<ParameterKind> BIASES =
      List.of(ParameterKind.BIAS, ParameterKind.NORM_BIAS);

  /** Makes the method. */
  public BitFit() {
    super(
        new About("bitfit", "trains the head and the biases alone", "Ben Zaken et al. 2022"),
        USUAL.settings(
            Setting.number("biases", 1, 0, 100, "rate of the biases over that of the head")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    String head = Rates.head(subject.model());
    boolean biases =
        subject.model().parameters().values().stream()
            .anyMatch(p -> BIASES.contains(p.kind()) && !p.group().equals(head));
    if (!biases) {
      throw refused(
          "the network '%s' has no bias before its head; use fine-tune or linear-probe"
              .formatted(subject.model().spec().family()));
    }
    List<Selector> selectors = new ArrayList<>(Rates.groups(List.of(head), 1));
    selectors.add(Selector.kinds(BIASES, settings.number("biases")).withWeightDecay(0));
    return plan.withPhases(List.of(Recipe.of(settings, subject, USUAL).phase("bitfit", selectors)));
  }
}
