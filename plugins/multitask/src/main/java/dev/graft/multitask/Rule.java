package dev.graft.multitask;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.Combine;
import dev.graft.spi.Run;
import dev.graft.train.OtherTaskTerm;
import java.util.List;
import java.util.stream.IntStream;

/** What the rules of this module have in common. */
abstract class Rule implements Combine {

  private final About about;
  private final List<Setting> settings;

  Rule(About about, List<Setting> settings) {
    this.about = about;
    this.settings = settings;
  }

  @Override
  public final About about() {
    return about;
  }

  @Override
  public final List<Setting> settings() {
    return settings;
  }

  @Override
  public abstract BoundCombine bind(Settings own, Run run);

  /** Positions of the terms that are losses of tasks; others count as the plan says. */
  static int[] tasks(List<TermSpec> terms) {
    return IntStream.range(0, terms.size())
        .filter(i -> terms.get(i).id().equals("task") || terms.get(i).id().equals(OtherTaskTerm.ID))
        .toArray();
  }

  /** The values at some positions. */
  static double[] at(int[] positions, double[] values) {
    return IntStream.of(positions).mapToDouble(i -> values[i]).toArray();
  }
}
