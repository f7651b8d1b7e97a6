package dev.graft.testkit.contract;

import dev.graft.layers.Module;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import dev.graft.model.Parameter;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a plan says will move, read off the plan alone: written a second time on purpose, so that
 * the trainer is not its own judge.
 *
 * @param parameters names of those that train in at least one phase
 * @param buffers names of those that may follow the data in at least one phase
 */
record Movement(Set<String> parameters, Set<String> buffers) {

  static Movement of(Plan plan, Model model) {
    Set<String> parameters = new LinkedHashSet<>();
    Set<String> buffers = new LinkedHashSet<>();
    for (Phase phase : plan.phases()) {
      Set<String> selected = new LinkedHashSet<>();
      for (Parameter parameter : model.parameters().values()) {
        if (selected(phase, parameter)) {
          selected.add(parameter.name());
          parameters.add(parameter.name());
        } else if (trainsAsNorm(phase, parameter, model)) {
          parameters.add(parameter.name());
        }
      }
      model
          .modules()
          .forEach(
              (path, module) -> {
                if (follows(phase, path, module, selected)) {
                  module.buffers().keySet().forEach(name -> buffers.add(path + "." + name));
                }
              });
    }
    return new Movement(parameters, buffers);
  }

  private static boolean selected(Phase phase, Parameter parameter) {
    for (Selector selector : phase.selectors()) {
      if (selector.matches(parameter)) {
        return selector.rate() != 0;
      }
    }
    return false;
  }

  private static boolean trainsAsNorm(Phase phase, Parameter parameter, Model model) {
    String owner = parameter.name().replaceAll("\\.?[^.]*$", "");
    Module module = model.modules().get(owner);
    return phase.normalisation().trainsAffine()
        && parameter.kind().isNorm()
        && module != null
        && keepsStatistics(module);
  }

  private static boolean follows(Phase phase, String path, Module module, Set<String> selected) {
    if (!keepsStatistics(module)) {
      return false;
    }
    Map<String, Module.Weight> weights = module.parameters();
    boolean affine = weights.values().stream().anyMatch(w -> w.kind() == ParameterKind.NORM_WEIGHT);
    boolean full =
        affine && weights.keySet().stream().allMatch(name -> selected.contains(path + "." + name));
    return full || phase.normalisation().adaptsStatistics();
  }

  private static boolean keepsStatistics(Module module) {
    return module.buffers().containsKey("running_mean");
  }
}
