package dev.graft.train;

import dev.graft.model.Parameter;
import dev.graft.plan.TermSpec;
import dev.graft.spi.BoundCombine;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes the gradients of an update out of the losses of its terms: by one backward pass over their
 * sum, or by one pass per term and a rule that merges them.
 */
final class Backward {

  private final Optional<BoundCombine> rule;
  private final List<Parameter> trained;
  private final List<Tensor> weights;
  private List<TermSpec> terms;
  private List<List<Tensor>> gradients;
  private double[] means;

  /**
   * The way of a phase.
   *
   * @param rule empty: the plain sum
   * @param trained everything that trains
   */
  Backward(Optional<BoundCombine> rule, List<Parameter> trained) {
    this.rule = rule;
    this.trained = List.copyOf(trained);
    this.weights = trained.stream().map(Parameter::tensor).toList();
  }

  /**
   * Forgets what an earlier update left.
   *
   * @param counting terms that count in this update
   */
  void start(List<TermSpec> counting) {
    terms = counting;
    gradients = null;
    means = new double[counting.size()];
    weights.forEach(Tensor::clearGrad);
  }

  /**
   * Adds a micro-batch.
   *
   * @param losses one per term, weighted as the plan says
   * @param share of the micro-batch in the batch
   * @return the sum of the losses as they count
   */
  double add(List<Tensor> losses, double share) {
    List<Tensor> counting = losses;
    if (rule.isPresent()) {
      for (int term = 0; term < means.length; term++) {
        means[term] += share * losses.get(term).item();
      }
      counting = rule.get().weigh(terms, losses);
    }
    Tensor total = counting.get(0);
    for (Tensor loss : counting.subList(1, counting.size())) {
      total = total.add(loss);
    }
    if (apart()) {
      addEach(counting, share);
    } else if (total.requiresGrad()) {
      (share == 1 ? total : total.mul(share)).backward();
    }
    return total.item();
  }

  private boolean apart() {
    return rule.isPresent() && rule.get().apart();
  }

  private void addEach(List<Tensor> losses, double share) {
    List<List<Tensor>> rows = new ArrayList<>();
    for (Tensor loss : losses) {
      rows.add(
          loss.requiresGrad()
              ? Autograd.gradients(loss.mul(share), weights, /* keepGraph= */ true)
              : weights.stream().map(Tensor::zerosLike).toList());
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
  void finish(long update, RandomGenerator random) {
    if (!apart()) {
      return;
    }
    try (Autograd off = Autograd.off()) {
      List<Tensor> merged =
          rule.get().merge(new BoundCombine.Gradients(losses(update), trained, gradients, random));
      for (int i = 0; i < weights.size(); i++) {
        weights.get(i).setGrad(merged.get(i));
      }
    }
  }

  /** Tells the rule that the update is made. */
  void afterUpdate(long update) {
    rule.ifPresent(bound -> bound.afterUpdate(losses(update)));
  }

  private BoundCombine.Losses losses(long update) {
    return new BoundCombine.Losses(terms, means.clone(), update);
  }
}
