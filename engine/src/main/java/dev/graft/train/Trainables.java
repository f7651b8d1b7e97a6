package dev.graft.train;

import dev.graft.layers.Module;
import dev.graft.model.Model;
import dev.graft.model.Parameter;
import dev.graft.plan.Phase;
import dev.graft.plan.Selection;
import dev.graft.spi.Optimizer.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What trains in a phase, and where the frozen prefix ends. */
final class Trainables {

  private record Rule(double rate, double weightDecay) {}

  private final Model model;
  private final Map<String, Parameter> selected = new LinkedHashMap<>();
  private final Map<Rule, List<Parameter>> byRule = new LinkedHashMap<>();
  private final Set<String> trainingModules = new TreeSet<>();
  private final int cut;

  Trainables(Model model, Phase phase, double defaultWeightDecay) {
    this.model = model;
    Selection selection = Selection.of(phase, model);
    Set<String> groups = new TreeSet<>();
    for (Selection.Selected each : selection.trained()) {
      double decay = Double.isNaN(each.weightDecay()) ? defaultWeightDecay : each.weightDecay();
      selected.put(each.parameter().name(), each.parameter());
      byRule
          .computeIfAbsent(new Rule(each.rate(), decay), rule -> new ArrayList<>())
          .add(each.parameter());
      groups.add(each.parameter().group());
    }
    trainingModules.addAll(selection.adapting());
    selection.adapting().forEach(path -> groups.add(model.groupOf(path)));
    Map<String, Module> norms = Selection.normalisations(model);
    model
        .modules()
        .forEach(
            (path, module) -> {
              boolean trains = model.findGroup(path).filter(groups::contains).isPresent();
              if (trains && !norms.containsKey(path)) {
                trainingModules.add(path);
              }
            });
    cut = groups.stream().mapToInt(model::groupIndex).min().orElse(model.groups().size());
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
