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
import dev.graft.spi.Step;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TermMethod;
import dev.graft.tensor.Tensor;
import java.util.List;

/** A method whose term looks at what enters the head, and nothing else. */
abstract class FeaturePenalty extends TermMethod {

  private static final String UNLABELLED = "unlabelled";

  private final boolean everyDomain;

  /**
   * A penalty.
   *
   * @param everyDomain whether it looks at examples without labels too, where the run has some
   */
  FeaturePenalty(About about, List<Setting> settings, boolean everyDomain) {
    super(about, settings);
    this.everyDomain = everyDomain;
  }

  @Override
  protected final String objection(Phase phase, Plan plan, Subject subject) {
    return movesFeatures(phase, plan, subject) ? "" : "what enters the head never changes";
  }

  @Override
  protected final Phase edit(Phase phase, Settings all, Subject subject) {
    boolean there = phase.streams().stream().anyMatch(s -> s.data().equals(UNLABELLED));
    if (!everyDomain || there || !subject.data().contains(UNLABELLED)) {
      return phase;
    }
    Stream first = phase.streams().get(0);
    return phase.plusStream(
        new Stream(UNLABELLED, first.batchSize(), List.of(first.augmentation()), Stream.SHUFFLE));
  }

  /** A penalty on features, (N, D) to a scalar. */
  interface OnFeatures {

    /** The penalty. */
    Tensor of(Tensor features);
  }

  /** The term of such a method. */
  abstract static class OnEach implements Term {

    private final About about;
    private final List<Setting> settings;

    OnEach(About about, List<Setting> settings) {
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

    /** The penalty with these settings. */
    abstract OnFeatures penalty(Settings settings);

    /** How many of the streams count, from the first. */
    int streams(Run run) {
      return run.phase().streams().size();
    }

    @Override
    public final BoundTerm bind(TermSpec spec, Run run) {
      OnFeatures penalty = penalty(spec.settings());
      int count = streams(run);
      return new BoundTerm() {
        @Override
        public Needs needs() {
          return new Needs(List.of(Needs.FEATURES), false, false);
        }

        @Override
        public Tensor loss(Step step) {
          Tensor sum = penalty.of(step.first().features());
          for (Step.Part part : step.batches().subList(1, count)) {
            sum = sum.add(penalty.of(part.features()));
          }
          return sum;
        }
      };
    }
  }
}
