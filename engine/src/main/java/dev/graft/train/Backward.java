package dev.graft.train;

import dev.graft.model.Parameter;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Combine;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes the gradients of an update out of the losses of its terms: by one backward pass over their
 * sum, or by one pass per term and a rule that combines them.
 */
final class Backward {

  private final List<Tensor> weights;
  private final Combine rule;
  private final Settings settings;
  private List<List<Tensor>> gradients;

  /**
   * The way of a phase.
   *
   * @param trained everything that trains
   */
  Backward(Choice combine, Registry registry, List<Parameter> trained) {
    this.weights = trained.stream().map(Parameter::tensor).toList();
    boolean sum = combine.id().equals(Phase.SUM.id());
    this.rule = sum ? null : registry.get(Combine.class, combine.id());
    this.settings = combine.settings().checked(combine.id(), sum ? List.of() : rule.settings());
  }

  /** Forgets what an earlier update left. */
  void start() {
    gradients = null;
    weights.forEach(Tensor::clearGrad);
  }

  /**
   * Adds a micro-batch.
   *
   * @param losses one per term, weighted
   * @param share of the micro-batch in the batch
   * @return the sum of the losses
   */
  double add(List<Tensor> losses, double share) {
    Tensor total = losses.get(0);
    for (Tensor loss : losses.subList(1, losses.size())) {
      total = total.add(loss);
    }
    if (rule == null && total.requiresGrad()) {
      (share == 1 ? total : total.mul(share)).backward();
    } else if (rule != null) {
      addEach(losses, share);
    }
    return total.item();
  }

  private void addEach(List<Tensor> losses, double share) {
    List<List<Tensor>> rows = new ArrayList<>();
    for (Tensor loss : losses) {
      rows.add(
          loss.requiresGrad()
              ? Autograd.gradients(loss.mul(share), weights, /* keepGraph= */ true)
              : weights.stream().map(w -> Tensor.zeros(w.dtype(), w.shape())).toList());
    }
    if (gradients == null) {
      gradients = rows;
      return;
    }
    for (int term = 0; term < rows.size(); term++) {
      for (int i = 0; i < weights.size(); i++) {
        gradients.get(term).get(i).addInPlace(rows.get(term).get(i), 1);
      }
    }
  }

  /** Leaves the gradients of the update in the parameters. */
  void finish(RandomGenerator random) {
    if (rule == null) {
      return;
    }
    try (Autograd off = Autograd.off()) {
      List<Tensor> combined = rule.combine(gradients, settings, random);
      for (int i = 0; i < weights.size(); i++) {
        weights.get(i).setGrad(combined.get(i));
      }
    }
  }
}
