package dev.graft.train;

import dev.graft.layers.Module;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import dev.graft.model.Parameter;
import dev.graft.plan.Phase;
import dev.graft.plan.Selector;
import dev.graft.spi.Optimizer.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What trains in a phase, and where the frozen prefix ends.
 *
 * <p>A normalisation layer whose scale and shift are both selected trains like everything else,
 * with the batch's statistics. Any other follows the phase's {@code Normalisation}.
 */
final class Trainables {

  private record Rule(double rate, double weightDecay) {}

  private final Model model;
  private final Map<String, Parameter> selected = new LinkedHashMap<>();
  private final Map<Rule, List<Parameter>> byRule = new LinkedHashMap<>();
  private final Set<String> trainingModules = new TreeSet<>();
  private final int cut;

  Trainables(Model model, Phase phase, double defaultWeightDecay) {
    this.model = model;
    Map<String, Module> norms = normalisations(model);
    model.parameters().values().forEach(p -> select(p, phase, norms, defaultWeightDecay));
    Set<String> groups = new TreeSet<>();
    selected.values().forEach(parameter -> groups.add(parameter.group()));
    norms.forEach(
        (path, module) -> {
          if (phase.normalisation().adaptsStatistics() || trainsFully(path, module)) {
            trainingModules.add(path);
            groups.add(model.groupOf(path));
          }
        });
    model
        .modules()
        .forEach(
            (path, module) -> {
              if (!norms.containsKey(path) && groups.contains(model.groupOf(path))) {
                trainingModules.add(path);
              }
            });
    cut = groups.stream().mapToInt(model::groupIndex).min().orElse(model.groups().size());
  }

  private void select(
      Parameter parameter, Phase phase, Map<String, Module> norms, double defaultWeightDecay) {
    Rule rule = null;
    for (Selector selector : phase.selectors()) {
      if (selector.matches(parameter)) {
        double decay =
            Double.isNaN(selector.weightDecay()) ? defaultWeightDecay : selector.weightDecay();
        rule = new Rule(selector.rate(), decay);
        break;
      }
    }
    boolean affine = parameter.kind().isNorm() && phase.normalisation().trainsAffine();
    if ((rule == null || rule.rate == 0) && affine && norms.containsKey(owner(parameter))) {
      rule = new Rule(1, 0);
    }
    if (rule != null && rule.rate != 0) {
      selected.put(parameter.name(), parameter);
      byRule.computeIfAbsent(rule, r -> new ArrayList<>()).add(parameter);
    }
  }

  private static String owner(Parameter parameter) {
    return parameter.name().substring(0, Math.max(0, parameter.name().lastIndexOf('.')));
  }

  private boolean trainsFully(String path, Module module) {
    boolean affine =
        module.parameters().values().stream()
            .anyMatch(weight -> weight.kind() == ParameterKind.NORM_WEIGHT);
    return affine
        && module.parameters().keySet().stream()
            .allMatch(name -> selected.containsKey(path + "." + name));
  }

  /** Modules that keep running statistics, by path. */
  private static Map<String, Module> normalisations(Model model) {
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

  /** Parameters that train, in the order of the network. */
  List<Parameter> parameters() {
    return List.copyOf(selected.values());
  }

  /** The same by rate and decay. */
  List<Share> shares() {
    List<Share> shares = new ArrayList<>();
    byRule.forEach((rule, list) -> shares.add(new Share(list, rule.rate, rule.weightDecay)));
    return shares;
  }

  /** Number of groups before the first one that trains or adapts statistics. */
  int cut() {
    return cut;
  }

  /** Number of elements that train. */
  long count() {
    return selected.values().stream().mapToLong(Parameter::count).sum();
  }

  /** Names of the buffers that move in this phase. */
  Set<String> movingBuffers() {
    Set<String> names = new TreeSet<>();
    Map<String, Module> modules = model.modules();
    for (String path : trainingModules) {
      modules.get(path).buffers().keySet().forEach(name -> names.add(path + "." + name));
    }
    return names;
  }

  /** Puts every module into the mode it has while this phase trains. */
  void enterTraining() {
    model.network().setTraining(false);
    model.modules().forEach((path, module) -> module.setTraining(trainingModules.contains(path)));
    model
        .parameters()
        .values()
        .forEach(p -> p.tensor().setRequiresGrad(selected.containsKey(p.name())));
  }

  /** Puts every module into evaluation mode. */
  void enterEvaluation() {
    model.network().setTrainingAll(false);
  }

  /** Gives every gradient back and leaves all parameters without one. */
  void leave() {
    enterEvaluation();
    for (Parameter parameter : model.parameters().values()) {
      parameter.tensor().clearGrad();
      parameter.tensor().setRequiresGrad(false);
    }
  }
}
