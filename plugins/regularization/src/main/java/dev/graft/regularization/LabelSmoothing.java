package dev.graft.regularization;

import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TermMethod;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Label smoothing, written as an addition to the cross entropy H(y, p): smoothed by ε the loss is
 * (1 - ε) H(y, p) + ε H(u, p) with u the same for every class, which is H(y, p) plus ε times the
 * term here, H(u, p) - H(y, p).
 */
public final class LabelSmoothing extends TermMethod {

  private static final About ABOUT =
      new About(
          "label-smoothing",
          "a share of each label goes to all classes alike",
          "Szegedy et al. 2016, CVPR");

  /** Makes the method. */
  public LabelSmoothing() {
    super(
        ABOUT,
        List.of(Setting.number(WEIGHT, 0.1, 0, 1, "share of the label that goes to all classes")));
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    return !subject.task().classifies() ? "the task does not choose a class for each example" : "";
  }

  /** Cross entropy of logits (N, K) against a label that is the same for every class. */
  static Tensor uniform(Tensor logits) {
    return Nn.logSoftmax(logits, -1).mean().neg();
  }

  /** What smoothing adds, before the share. */
  public static final class Loss implements Term {

    @Override
    public About about() {
      return ABOUT;
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return step -> {
        Step.Part part = step.first();
        Tensor usual = run.task().loss(part.outputs(), part.targets());
        return uniform(part.outputs().get("logits")).sub(usual);
      };
    }
  }
}
