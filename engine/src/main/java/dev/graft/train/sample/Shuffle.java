package dev.graft.train.sample;

import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Sampler;
import java.util.random.RandomGenerator;

/** Every example once per epoch, in random order. */
public final class Shuffle implements Sampler {

  @Override
  public About about() {
    return new About("shuffle", "every example once, in random order", "common practice");
  }

  @Override
  public int[] order(double[] targets, Settings settings, RandomGenerator random) {
    int[] order = new int[targets.length];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
