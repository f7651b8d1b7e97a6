package dev.graft.regularization;

import dev.graft.layers.DropPath;
import dev.graft.layers.Dropout;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TermMethod;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * R-Drop: each example goes through the network twice in a batch, and what dropout makes of it must
 * agree: the mean of both divergences between the two predictions. The task's loss is the mean over
 * both.
 */
public final class RDrop extends TermMethod {

  private static final About ABOUT =
      new About("r-drop", "two passes through dropout must agree", "Liang et al. 2021, NeurIPS");

  /** Makes the method. */
  public RDrop() {
    super(ABOUT, weighted(1, "factor of the divergence; the paper's α", List.of()));
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    if (!subject.task().classifies()) {
      return "the task does not choose a class for each example";
    }
    if (phase.streams().get(0).views().size() > 1) {
      return "the batches hold several views already";
    }
    boolean drops =
        subject.model().modules().values().stream()
            .anyMatch(
                module ->
                    (module instanceof Dropout dropout && dropout.p() > 0)
                        || (module instanceof DropPath path && path.p() > 0));
    return drops ? "" : "the network has no dropout";
  }

  @Override
  protected Phase edit(Phase phase, Settings all, Subject subject) {
    List<Stream> streams = new ArrayList<>(phase.streams());
    Stream first = streams.get(0);
    streams.set(0, first.withViews(List.of(first.augmentation(), Stream.REPEAT)));
    return phase.withStreams(streams);
  }

  /** Mean over rows of both divergences between the first and the second half, halved. */
  static Tensor divergence(Tensor logits) {
    long half = logits.size(0) / 2;
    Tensor first = Nn.logSoftmax(logits.narrow(0, 0, half), -1);
    Tensor second = Nn.logSoftmax(logits.narrow(0, half, half), -1);
    return first.exp().sub(second.exp()).mul(first.sub(second)).sum().div(2.0 * half);
  }

  /** The divergence of the two passes. */
  public static final class Loss implements Term {

    @Override
    public About about() {
      return ABOUT;
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return step -> divergence(step.first().outputs().get("logits"));
    }
  }
}
