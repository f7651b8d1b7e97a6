package dev.graft.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A stretch of training with one choice of what trains and how.
 *
 * @param name unique in the plan, for example {@code probe}
 * @param selectors what trains; the first that matches a parameter decides
 * @param normalisation what happens to normalisation layers of frozen groups
 * @param streams where batches come from; the first one counts epochs
 * @param terms the loss, a sum
 * @param combine how the terms become one gradient; {@code sum} unless a method says otherwise
 * @param optimizer makes updates out of gradients; its setting {@code lr} is the learning rate
 * @param schedule shape of the learning rate over the phase
 * @param length how long it lasts
 * @param regime how updates are computed
 * @param updates what each step does, in order; empty: one update of everything
 */
public record Phase(
    String name,
    List<Selector> selectors,
    Normalisation normalisation,
    List<Stream> streams,
    List<TermSpec> terms,
    Choice combine,
    Choice optimizer,
    Choice schedule,
    Length length,
    Regime regime,
    List<Update> updates) {

  /** Id of the optimizer that solves a linear head instead of making updates. */
  public static final String SOLVER = "lbfgs";

  /** Id of the term that is the task's own loss. */
  private static final String TASK = "task";

  /** The default rule: one weighted sum, one backward pass. */
  public static final Choice SUM = Choice.of("sum");

  public Phase {
    selectors = List.copyOf(selectors);
    streams = List.copyOf(streams);
    terms = List.copyOf(terms);
    updates = List.copyOf(updates);
    List<String> ids = terms.stream().map(TermSpec::id).toList();
    for (Update update : updates) {
      if (update.weights().isEmpty() || !ids.containsAll(update.weights().keySet())) {
        throw new IllegalArgumentException(
            "update '%s' of phase '%s' weighs %s; it must name at least one of the terms %s"
                .formatted(update.name(), name, update.weights().keySet(), ids));
      }
    }
  }

  /** True if the head is solved: then there are no updates, and no terms but the task's loss. */
  public boolean solvesHead() {
    return optimizer.id().equals(SOLVER);
  }

  /** What a phase that solves its head asks for and would not get; empty where that is nothing. */
  public String ignored() {
    if (!solvesHead()) {
      return "";
    }
    List<String> extra = terms.stream().map(TermSpec::id).filter(id -> !id.equals(TASK)).toList();
    if (!extra.isEmpty()) {
      return "the terms " + extra;
    }
    if (!updates.isEmpty()) {
      return "the updates " + updates.stream().map(Update::name).toList();
    }
    return combine.equals(SUM) ? "" : "the rule '%s'".formatted(combine.id());
  }

  /** The updates of a step, never empty: where the phase lists none, one of everything. */
  public List<Update> updatesPerStep() {
    if (!updates.isEmpty()) {
      return updates;
    }
    Map<String, Double> weights = new TreeMap<>();
    terms.forEach(term -> weights.put(term.id(), 1.0));
    return List.of(new Update("all", List.of(), weights, 1));
  }

  /** A phase that trains what the selectors say on one stream with the task's own loss. */
  public static Phase of(String name, List<Selector> selectors, Stream stream, Choice optimizer) {
    return new Phase(
        name,
        selectors,
        Normalisation.FROZEN,
        List.of(stream),
        List.of(TermSpec.of("task")),
        SUM,
        optimizer,
        Choice.of("constant"),
        Length.epochs(1),
        Regime.PLAIN,
        List.of());
  }

  /** With other selectors. */
  public Phase withSelectors(List<Selector> value) {
    return changed(draft -> draft.selectors = value);
  }

  /** With another treatment of frozen normalisation layers. */
  public Phase withNormalisation(Normalisation value) {
    return changed(draft -> draft.normalisation = value);
  }

  /** With other streams. */
  public Phase withStreams(List<Stream> value) {
    return changed(draft -> draft.streams = value);
  }

  /** With one more stream. */
  public Phase plusStream(Stream value) {
    List<Stream> all = new ArrayList<>(streams);
    all.add(value);
    return withStreams(all);
  }

  /** With other terms. */
  public Phase withTerms(List<TermSpec> value) {
    return changed(draft -> draft.terms = value);
  }

  /**
   * With one more term. Where the phase makes several updates per step, it counts in those in which
   * the first term, the task's, does.
   */
  public Phase plusTerm(TermSpec value) {
    List<TermSpec> all = new ArrayList<>(terms);
    all.add(value);
    String task = terms.isEmpty() ? "" : terms.get(0).id();
    return withTerms(all)
        .withUpdates(
            updates.stream()
                .map(u -> u.weights().containsKey(task) ? u.plusWeight(value.id(), 1) : u)
                .toList());
  }

  /** With another rule that makes one gradient out of the terms. */
  public Phase withCombine(Choice value) {
    return changed(draft -> draft.combine = value);
  }

  /** With another optimizer. */
  public Phase withOptimizer(Choice value) {
    return changed(draft -> draft.optimizer = value);
  }

  /** With another schedule. */
  public Phase withSchedule(Choice value) {
    return changed(draft -> draft.schedule = value);
  }

  /** With another length. */
  public Phase withLength(Length value) {
    return changed(draft -> draft.length = value);
  }

  /** With another regime. */
  public Phase withRegime(Regime value) {
    return changed(draft -> draft.regime = value);
  }

  /** With several updates per step. */
  public Phase withUpdates(List<Update> value) {
    return changed(draft -> draft.updates = value);
  }

  private Phase changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.phase();
  }

  /** The parts of a phase while one of them changes. */
  private static final class Draft {

    private final String name;
    private List<Selector> selectors;
    private Normalisation normalisation;
    private List<Stream> streams;
    private List<TermSpec> terms;
    private Choice combine;
    private Choice optimizer;
    private Choice schedule;
    private Length length;
    private Regime regime;
    private List<Update> updates;

    Draft(Phase start) {
      name = start.name;
      selectors = start.selectors;
      normalisation = start.normalisation;
      streams = start.streams;
      terms = start.terms;
      combine = start.combine;
      optimizer = start.optimizer;
      schedule = start.schedule;
      length = start.length;
      regime = start.regime;
      updates = start.updates;
    }

    Phase phase() {
      return new Phase(
          name,
          selectors,
          normalisation,
          streams,
          terms,
          combine,
          optimizer,
          schedule,
          length,
          regime,
          updates);
    }
  }
}
