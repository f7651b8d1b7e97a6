package dev.graft.regularization;

import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TermMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * Bi-Tuning: two contrastive losses beside the cross entropy, over a queue of keys per class. One
 * contrasts examples in a projection, one contrasts features with the head's weights.
 *
 * <p>Each example comes in two views; the first makes queries, the second makes keys in a slowly
 * moving copy of the model. The task's loss is the mean over both views.
 */
public final class BiTuning extends TermMethod {

  private static final About ABOUT =
      new About(
          "bi-tuning",
          "contrasts examples, and features with class weights, over queues of keys",
          "Zhong et al. 2020, arXiv:2011.06182; defaults: TLlib");

  private static final List<Setting> OWN =
      List.of(
          Setting.number("temperature", 0.07, 0.001, 100, "divides similarities"),
          Setting.integer("queue", 40, 1, 10_000, "keys that are kept per class"),
          Setting.number("momentum", 0.999, 0, 1, "share of itself that the copy keeps per update"),
          Setting.integer("projection", 128, 1, 10_000, "length of projected features"));

  /** Makes the method. */
  public BiTuning() {
    super(ABOUT, weighted(1, "factor of both contrastive losses", OWN));
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    if (!subject.task().classifies()) {
      return "the task does not choose a class for each example";
    }
    if (phase.streams().get(0).views().size() > 1) {
      return "the batches hold several views already";
    }
    return movesFeatures(phase, plan, subject) ? "" : "what enters the head never changes";
  }

  @Override
  protected Phase edit(Phase phase, Settings all, Subject subject) {
    List<Stream> streams = new ArrayList<>(phase.streams());
    streams.set(0, streams.get(0).withViews(2));
    return phase.withStreams(streams);
  }

  /** The two contrastive losses. */
  public static final class Loss implements Term {

    @Override
    public About about() {
      return ABOUT;
    }

    @Override
    public List<Setting> settings() {
      return OWN;
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return new BiTuningTerm(spec.settings(), run);
    }
  }
}
