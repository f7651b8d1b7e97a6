package dev.graft.multitask;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.Run;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * DWA: a task whose loss fell less from the epoch before last to the last counts more in this one.
 * The first two epochs are equal.
 */
public final class Dwa extends Weighting.ByRule {

  private static final About ABOUT =
      new About(
          "dwa",
          "a task whose loss fell less in the last two epochs counts more",
          "Liu et al. 2019, CVPR");

  private static final List<Setting> OWN =
      List.of(
          Setting.number(
              "temperature", 2, 0.01, 1000, "the higher, the more alike the weights are"));

  /** Makes the method. */
  public Dwa() {
    super(ABOUT, OWN);
  }

  @Override
  boolean needsShared() {
    return false;
  }

  /** Weights with the number of tasks as sum, from mean losses of the last two epochs. */
  static double[] weights(double[] last, double[] before, double temperature) {
    double[] weights = new double[last.length];
    for (int i = 0; i < last.length; i++) {
      weights[i] = Math.exp(last[i] / before[i] / temperature);
    }
    return Gram.scaled(weights, weights.length / Arrays.stream(weights).sum());
  }

  /** The weights by epoch. */
  public static final class ByEpoch extends Rule {

    /** Makes the rule. */
    public ByEpoch() {
      super(ABOUT, OWN);
    }

    @Override
    public BoundCombine bind(Settings own, Run run) {
      return new Bound(
          own.number("temperature"), run.updatesPerEpoch(), tasks(run.phase().terms()).length);
    }
  }

  /** The weights at work. Sums of this epoch and means of the two before it are kept. */
  private static final class Bound implements BoundCombine {

    private final double temperature;
    private final long perEpoch;
    private final Memory sums;
    private final Memory last;
    private final Memory before;

    Bound(double temperature, long perEpoch, int count) {
      this.temperature = temperature;
      this.perEpoch = perEpoch;
      this.sums = new Memory(new double[count]);
      this.last = new Memory(new double[count]);
      this.before = new Memory(new double[count]);
    }

    @Override
    public List<Tensor> weigh(List<TermSpec> terms, List<Tensor> losses) {
      double[] past = before.get();
      if (Arrays.stream(past).anyMatch(loss -> loss <= 0)) {
        return losses;
      }
      double[] weights = weights(last.get(), past, temperature);
      int[] tasks = Rule.tasks(terms);
      List<Tensor> weighed = new ArrayList<>(losses);
      for (int t = 0; t < tasks.length; t++) {
        weighed.set(tasks[t], losses.get(tasks[t]).mul(weights[t]));
      }
      return weighed;
    }

    @Override
    public void afterUpdate(Losses losses) {
      double[] seen = Rule.at(Rule.tasks(losses.terms()), losses.losses());
      double[] sum = sums.get();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += seen[i] / perEpoch;
      }
      if ((losses.update() + 1) % perEpoch == 0) {
        before.set(last.get());
        last.set(sum);
        Arrays.fill(sum, 0);
      }
      sums.set(sum);
    }

    @Override
    public Map<String, Tensor> state() {
      return Map.of("sums", sums.tensor(), "last", last.tensor(), "before", before.tensor());
    }

    @Override
    public void close() {
      sums.close();
      last.close();
      before.close();
    }
  }
}
