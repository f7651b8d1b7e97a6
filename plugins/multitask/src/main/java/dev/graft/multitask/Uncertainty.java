package dev.graft.multitask;

import dev.graft.layers.ParameterKind;
import dev.graft.model.Parameter;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.Run;
import dev.graft.task.Task;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Uncertainty: each task has a variance that is learned, and counts by its inverse. With s the
 * logarithm of the variance a task of classes counts as e^-s L + s/2, one of numbers as half e^-s L
 * + s/2. The variances start at 1 and are not exported.
 */
public final class Uncertainty extends Weighting.ByRule {

  private static final About ABOUT =
      new About(
          "uncertainty",
          "each task counts by the inverse of a variance that is learned",
          "Kendall et al. 2018, CVPR");

  private static final List<Setting> OWN =
      List.of(
          Setting.number(
              "rate", 10, 0, 1e4, "learning rate of the variances over that of the phase"));

  /** Makes the method. */
  public Uncertainty() {
    super(ABOUT, OWN);
  }

  @Override
  boolean needsShared() {
    return false;
  }

  /**
   * The loss as it counts.
   *
   * @param logVariance s, a scalar
   * @param classes whether the task predicts classes
   */
  static Tensor weighed(Tensor loss, Tensor logVariance, boolean classes) {
    Tensor precise = logVariance.neg().exp().mul(loss);
    return (classes ? precise : precise.mul(0.5)).add(logVariance.mul(0.5));
  }

  /** The learned variances. */
  public static final class LearnedVariances extends Rule {

    /** Makes the rule. */
    public LearnedVariances() {
      super(ABOUT, OWN);
    }

    @Override
    public BoundCombine bind(Settings own, Run run) {
      return new Bound(own.number("rate"), List.copyOf(run.task().all().values()));
    }
  }

  /** The variances at work, in the order of the tasks. */
  private static final class Bound implements BoundCombine {

    private final double rate;
    private final List<Task> tasks;
    private final Tensor logVariances;

    Bound(double rate, List<Task> tasks) {
      this.rate = rate;
      this.tasks = tasks;
      try (Scope scope = Scope.open()) {
        logVariances = Scope.release(Tensor.zeros(tasks.size()));
      }
      logVariances.setRequiresGrad(true);
    }

    @Override
    public List<Tensor> weigh(List<TermSpec> terms, List<Tensor> losses) {
      int[] places = Rule.tasks(terms);
      List<Tensor> weighed = new ArrayList<>(losses);
      for (int t = 0; t < places.length; t++) {
        boolean classes = !tasks.get(t).labels().isEmpty();
        weighed.set(places[t], weighed(losses.get(places[t]), logVariances.select(0, t), classes));
      }
      return weighed;
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          new Parameter("uncertainty.log_variances", "", ParameterKind.BIAS, logVariances));
    }

    @Override
    public double rate() {
      return rate;
    }

    @Override
    public Map<String, Tensor> state() {
      return Map.of("log_variances", logVariances);
    }

    @Override
    public void close() {
      logVariances.close();
    }
  }
}
