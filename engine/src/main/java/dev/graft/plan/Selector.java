package dev.graft.plan;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Parameter;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Picks parameters that train, and says how. The first selector of a phase that matches a parameter
 * decides; a parameter that none matches is frozen.
 *
 * @param groups names of groups; empty: all
 * @param names regular expression that the whole name must match; empty: any
 * @param kinds kinds of parameter; empty: all
 * @param rate factor on the phase's learning rate; 0 freezes what it matches
 * @param weightDecay decay of the optimizer for these parameters; NaN: the optimizer's own setting
 */
public record Selector(
    List<String> groups,
    String names,
    List<ParameterKind> kinds,
    double rate,
    @JsonSerialize(using = OwnDecay.Writer.class) @JsonDeserialize(using = OwnDecay.Reader.class)
        double weightDecay) {

  public Selector {
    groups = List.copyOf(groups);
    kinds = List.copyOf(kinds);
  }

  /** Everything, at a rate. */
  public static Selector all(double rate) {
    return new Selector(List.of(), "", List.of(), rate, Double.NaN);
  }

  /** Some groups, at a rate. */
  public static Selector groups(List<String> groups, double rate) {
    return new Selector(groups, "", List.of(), rate, Double.NaN);
  }

  /** Some kinds of parameter, at a rate. */
  public static Selector kinds(List<ParameterKind> kinds, double rate) {
    return new Selector(List.of(), "", kinds, rate, Double.NaN);
  }

  /** With a weight decay of its own. */
  public Selector withWeightDecay(double value) {
    return new Selector(groups, names, kinds, rate, value);
  }

  /** True if the parameter is picked. */
  public boolean matches(Parameter parameter) {
    return (groups.isEmpty() || groups.contains(parameter.group()))
        && (kinds.isEmpty() || kinds.contains(parameter.kind()))
        && (names.isEmpty() || Pattern.matches(names, parameter.name()));
  }
}
