package dev.graft.alignment;

import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Stream;
import dev.graft.spi.About;
import dev.graft.spi.Step;
import dev.graft.spi.Subject;
import dev.graft.tensor.Tensor;
import java.util.List;

/** A method that compares what a weak and a strong change make of the same example. */
abstract class TwoViews extends Alignment {

  TwoViews(About about, List<Setting> settings) {
    super(about, settings, Looks.PREDICTIONS);
  }

  @Override
  protected final String objection(Phase phase, Plan plan, Subject subject) {
    String usual = super.objection(phase, plan, subject);
    boolean fixed = subject.strongAugmentation().equals(Stream.NONE);
    return usual.isEmpty() && fixed
        ? "data of this kind have no random path, so two views are the same"
        : usual;
  }

  @Override
  final List<String> views(Stream labelled, Subject subject) {
    return List.of(subject.augmentation(), subject.strongAugmentation());
  }

  /** Logits of a batch whose rows are the weak views and then the strong ones. */
  record Logits(Tensor weak, Tensor strong) {

    static Logits of(Step.Part part) {
      Tensor all = part.outputs().get("logits");
      long half = all.size(0) / 2;
      return new Logits(all.narrow(0, 0, half), all.narrow(0, half, half));
    }
  }
}
