package dev.graft.alignment;

import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TermMethod;
import java.util.List;

/** Few labels of the target, many of a source: both losses are added in every update. */
public final class JointTraining extends TermMethod {

  private static final String SOURCE = "source";

  private static final About ABOUT =
      new About(
          "joint-training",
          "the labels of the data set 'source' count beside those of the data",
          "common practice; Daumé III 2007");

  /** Makes the method. */
  public JointTraining() {
    super(ABOUT, weighted(1, "factor of the loss on the source", List.of()));
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    return subject.data().contains(SOURCE)
        ? ""
        : "the run has no data set 'source'; name its folder (--source DIR)";
  }

  @Override
  protected Phase edit(Phase phase, Settings all, Subject subject) {
    Stream own = phase.streams().get(0);
    return phase.plusStream(
        new Stream(SOURCE, own.batchSize(), List.of(own.augmentation()), Stream.SHUFFLE));
  }

  /** The task's loss on the source. */
  public static final class Loss implements Term {

    @Override
    public About about() {
      return ABOUT;
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      int stream = run.phase().streams().stream().map(Stream::data).toList().indexOf(SOURCE);
      return step -> {
        Step.Part part = step.batches().get(stream);
        return run.task().loss(part.outputs(), part.targets());
      };
    }
  }
}
