package dev.graft.freezing;

import dev.graft.layers.ParameterKind;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.plan.Selector;
import java.util.List;

/** Selectors that give a rate and spare biases, norms and embeddings the weight decay. */
final class Rates {

  private static final List<ParameterKind> UNDECAYED =
      List.of(
          ParameterKind.BIAS,
          ParameterKind.NORM_WEIGHT,
          ParameterKind.NORM_BIAS,
          ParameterKind.EMBEDDING);

  private Rates() {}

  /** Some groups at a rate; none named: all. */
  static List<Selector> groups(List<String> groups, double rate) {
    return List.of(
        new Selector(groups, "", UNDECAYED, rate, 0),
        new Selector(groups, "", List.of(), rate, Double.NaN));
  }

  /** Parameters of a group whose names match, at a rate. */
  static List<Selector> names(String group, String names, double rate) {
    return List.of(
        new Selector(List.of(group), names, UNDECAYED, rate, 0),
        new Selector(List.of(group), names, List.of(), rate, Double.NaN));
  }

  /** Name of the last group. */
  static String head(Model model) {
    return model.groups().get(model.groups().size() - 1).name();
  }

  /** Names of the groups from a position on. */
  static List<String> from(Model model, int position) {
    return model.groups().subList(position, model.groups().size()).stream()
        .map(Group::name)
        .toList();
  }
}
