package dev.graft.multitask;

import dev.graft.model.Group;
import dev.graft.model.Parameter;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.Run;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A rule that makes a weighted sum of the tasks' gradients, with weights that follow from the inner
 * products of these gradients.
 *
 * <p>All of it concerns the parameters that the tasks share: those in front of the head. A head
 * gets the gradient of its own task, and terms that are no task's loss count as the plan says.
 */
abstract class GradientRule implements BoundCombine {

  private final List<String> shared;

  GradientRule(Run run) {
    this(run.model().groups().stream().map(Group::name).toList());
  }

  /** For a network of the given groups, the head last. */
  GradientRule(List<String> groups) {
    this.shared = groups.subList(0, groups.size() - 1);
  }

  /**
   * The weight of each task's gradient.
   *
   * @param gram inner products of the tasks' gradients, (T, T)
   * @param losses of the tasks, (T)
   */
  abstract double[] weights(double[][] gram, double[] losses, RandomGenerator random);

  /** The weight of each task's gradient in its own head. */
  double[] headWeights(double[] weights) {
    return ones(weights.length);
  }

  @Override
  public final boolean apart() {
    return true;
  }

  @Override
  public final List<Tensor> merge(Gradients gradients) {
    int[] tasks = Rule.tasks(gradients.of().terms());
    List<Integer> places = sharedPlaces(gradients.parameters());
    double[][] gram = gram(gradients, tasks, places);
    double[] losses = Rule.at(tasks, gradients.of().losses());
    // An update with a number that is not finite is skipped by the loop; no rule shall learn of it.
    double[] weights =
        finite(gram, losses) ? weights(gram, losses, gradients.random()) : ones(tasks.length);
    double[] heads = headWeights(weights);
    List<Tensor> merged = new ArrayList<>();
    for (int p = 0; p < gradients.parameters().size(); p++) {
      double[] factors = ones(gradients.rows().size());
      for (int t = 0; t < tasks.length; t++) {
        factors[tasks[t]] = places.contains(p) ? weights[t] : heads[t];
      }
      merged.add(sum(gradients.rows(), factors, p));
    }
    return merged;
  }

  private List<Integer> sharedPlaces(List<Parameter> parameters) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      if (shared.contains(parameters.get(i).group())) {
        places.add(i);
      }
    }
    return places;
  }

  private static double[][] gram(Gradients gradients, int[] tasks, List<Integer> places) {
    List<Tensor> rows = new ArrayList<>();
    for (int task : tasks) {
      List<Tensor> row = gradients.rows().get(task);
      rows.add(Tensor.cat(places.stream().map(p -> row.get(p).reshape(-1)).toList(), 0));
    }
    Tensor stacked = Tensor.stack(rows, 0);
    float[] flat = stacked.matmul(stacked.transpose(0, 1)).toFloats();
    double[][] gram = new double[tasks.length][tasks.length];
    for (int i = 0; i < flat.length; i++) {
      gram[i / tasks.length][i % tasks.length] = flat[i];
    }
    return gram;
  }

  private static Tensor sum(List<List<Tensor>> rows, double[] factors, int parameter) {
    Tensor sum = rows.get(0).get(parameter).mul(factors[0]);
    for (int row = 1; row < rows.size(); row++) {
      sum.addInPlace(rows.get(row).get(parameter), factors[row]);
    }
    return sum;
  }

  private static boolean finite(double[][] gram, double[] losses) {
    return Arrays.stream(losses).allMatch(Double::isFinite)
        && Arrays.stream(gram).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
