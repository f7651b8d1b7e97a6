package dev.graft.train.sample;

import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Every class as often as every other, in turn; the examples of a class come in random order, again
 * and again where the class is small. Examples without a target are a class of their own.
 */
public final class Balanced implements Sampler {

  @Override
  public About about() {
    return new About("balanced", "every class equally often", "common practice");
  }

  @Override
  public int[] order(double[] targets, Settings settings, RandomGenerator random) {
    Map<Double, List<Integer>> classes = new TreeMap<>();
    for (int position : new Shuffle().order(targets, settings, random)) {
      classes.computeIfAbsent(targets[position], target -> new ArrayList<>()).add(position);
    }
    List<List<Integer>> members = List.copyOf(classes.values());
    int[] order = new int[targets.length];
    for (int i = 0; i < order.length; i++) {
      List<Integer> own = members.get(i % members.size());
      order[i] = own.get(i / members.size() % own.size());
    }
    return order;
  }
}
