package dev.graft.train;

import dev.graft.model.Model;
import dev.graft.spi.BoundTerm;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.train.Snapshots.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a run at work, as a snapshot keeps them: weights and the best ones so far, what
 * optimizer, moving average, terms and combining rule remember, the random state.
 */
final class RunState {

  private static final String MODEL = "model/";
  private static final String BEST = "best/";
  private static final String OPTIMIZER = "optimizer/";
  private static final String AVERAGE = "average/";
  private static final String COMBINE = "combine/";
  private static final String RANDOM = "random";

  private RunState() {}

  /** Copies of everything, by name. */
  static Map<String, HostTensor> of(RunContext context, PhaseRun run) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    put(tensors, MODEL, hostCopy(context.moving()));
    put(tensors, BEST, context.progress().bestWeights);
    put(tensors, OPTIMIZER, run.updater().state());
    if (run.average() != null) {
      put(tensors, AVERAGE, run.average().state());
    }
    List<BoundTerm> terms = run.terms();
    for (int i = 0; i < terms.size(); i++) {
      put(tensors, term(i), hostCopy(terms.get(i).state()));
    }
    put(tensors, COMBINE, hostCopy(run.ruleState()));
    tensors.put(RANDOM, RandomState.save());
    return tensors;
  }

  private static void put(
      Map<String, HostTensor> all, String prefix, Map<String, HostTensor> tensors) {
    tensors.forEach((name, tensor) -> all.put(prefix + name, tensor));
  }

  private static String term(int index) {
    return "term/" + index + "/";
  }

  /** Puts the weights of a snapshot into a model, and the best ones into the progress. */
  static void restoreWeights(Snapshot snapshot, Model model, Progress progress) {
    load(model, snapshot.under(MODEL));
    progress.bestWeights = snapshot.under(BEST);
  }

  /** Puts everything else of a snapshot into the phase in which it was made. */
  static void restore(Snapshot snapshot, Model model, PhaseRun run) {
    load(model, snapshot.under(MODEL));
    run.updater().restore(snapshot.under(OPTIMIZER));
    if (run.average() != null) {
      run.average().restore(snapshot.under(AVERAGE));
    }
    List<BoundTerm> terms = run.terms();
    for (int i = 0; i < terms.size(); i++) {
      copyInto(terms.get(i).state(), snapshot.under(term(i)));
    }
    copyInto(run.ruleState(), snapshot.under(COMBINE));
    RandomState.restore(snapshot.tensors().get(RANDOM));
  }

  private static void copyInto(Map<String, Tensor> places, Map<String, HostTensor> saved) {
    places.forEach((name, tensor) -> tensor.copyInPlace(saved.get(name)));
  }

  /** Tensors in plain memory, by name. */
  static Map<String, HostTensor> hostCopy(Map<String, Tensor> tensors) {
    Map<String, HostTensor> result = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      tensors.forEach((name, tensor) -> result.put(name, tensor.toHost()));
    }
    return result;
  }

  /** Puts weights, which may be some of a model's, in their places. */
  static void load(Model model, Map<String, HostTensor> weights) {
    try (Autograd off = Autograd.off()) {
      Map<String, Tensor> state = model.state();
      weights.forEach((name, values) -> state.get(name).copyInPlace(values));
    }
  }
}
