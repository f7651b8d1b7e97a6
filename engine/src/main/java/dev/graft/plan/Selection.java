package dev.graft.plan;

import dev.graft.layers.Module;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import dev.graft.model.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a phase's selectors and its treatment of normalisation mean for one model.
 *
 * <p>A normalisation layer whose scale and shift are both selected trains like everything else,
 * with the batch's statistics. Any other follows the phase's {@link Normalisation}.
 *
 * @param trained parameters that train, in the order of the network
 * @param adapting paths of the normalisation layers whose running statistics move
 */
public record Selection(List<Selected> trained, Set<String> adapting) {

  /**
   * A parameter that trains.
   *
   * @param parameter which one
   * @param rate factor on the learning rate, above 0
   * @param weightDecay its decay; NaN: the optimizer's own
   */
  public record Selected(Parameter parameter, double rate, double weightDecay) {}

  /** Applies a phase to a model; changes nothing. */
  public static Selection of(Phase phase, Model model) {
    Map<String, Module> norms = normalisations(model);
    List<Selected> trained = new ArrayList<>();
    Set<String> asked = new TreeSet<>();
    for (Parameter parameter : model.parameters().values()) {
      Selected selected = select(parameter, phase);
      if (selected != null) {
        asked.add(parameter.name());
      }
      boolean affine =
          parameter.kind().isNorm()
              && phase.normalisation().trainsAffine()
              && norms.containsKey(owner(parameter));
      if (selected == null && affine) {
        selected = new Selected(parameter, 1, 0);
      }
      if (selected != null) {
        trained.add(selected);
      }
    }
    Set<String> adapting = new TreeSet<>();
    norms.forEach(
        (path, module) -> {
          if (phase.normalisation().adaptsStatistics() || trainsFully(path, module, asked)) {
            adapting.add(path);
          }
        });
    return new Selection(trained, adapting);
  }

  private static Selected select(Parameter parameter, Phase phase) {
    for (Selector selector : phase.selectors()) {
      if (selector.matches(parameter)) {
        return selector.rate() == 0
            ? null
            : new Selected(parameter, selector.rate(), selector.weightDecay());
      }
    }
    return null;
  }

  private static String owner(Parameter parameter) {
    return parameter.name().substring(0, Math.max(0, parameter.name().lastIndexOf('.')));
  }

  private static boolean trainsFully(String path, Module module, Set<String> asked) {
    boolean affine =
        module.parameters().values().stream()
            .anyMatch(weight -> weight.kind() == ParameterKind.NORM_WEIGHT);
    return affine
        && module.parameters().keySet().stream()
            .allMatch(name -> asked.contains(path + "." + name));
  }

  /** Modules that keep running statistics, by path. */
  public static Map<String, Module> normalisations(Model model) {
    Map<String, Module> result = new LinkedHashMap<>();
    model
        .modules()
        .forEach(
            (path, module) -> {
              if (module.buffers().containsKey("running_mean")) {
                result.put(path, module);
              }
            });
    return result;
  }
}
