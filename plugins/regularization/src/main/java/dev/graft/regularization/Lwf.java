package dev.graft.regularization;

import dev.graft.model.Parameter;
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
import java.util.Map;

/**
 * Learning without forgetting: on the new examples the old head must go on saying what the
 * pretrained model says. The source model sees the same inputs as the model that trains. The
 * published loss has no factor T².
 */
public final class Lwf extends TermMethod {

  private static final About ABOUT =
      new About(
          "lwf",
          "the old head must go on saying what the pretrained model says",
          "Li and Hoiem 2016, ECCV; defaults: TLlib");

  private static final List<Setting> OWN =
      List.of(Setting.number("temperature", 3, 0.01, 1000, "softens both predictions"));

  /** Makes the method. */
  public Lwf() {
    super(ABOUT, weighted(4, "factor of the divergence", OWN));
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    if (plan.fromScratch()) {
      return "there is nothing pretrained to keep";
    }
    return movesFeatures(phase, plan, subject) ? "" : "what enters the head never changes";
  }

  /** Mean divergence of rows: reference (N, K) and own (N, K) logits, softened. */
  static Tensor divergence(Tensor own, Tensor reference, double temperature) {
    Tensor log = Nn.logSoftmax(own.div(temperature), -1);
    Tensor target = Nn.logSoftmax(reference.div(temperature), -1);
    return target.exp().mul(target.sub(log)).sum().div((double) own.size(0));
  }

  /** The divergence of the old head. */
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
      return new Bound(spec.settings().number("temperature"), run);
    }
  }

  private static final class Bound implements BoundTerm {

    private final double temperature;
    private final SourceHead head;

    Bound(double temperature, Run run) {
      this.temperature = temperature;
      this.head = new SourceHead(ABOUT.id(), run);
    }

    @Override
    public Needs needs() {
      return new Needs(List.of(Needs.FEATURES), /* inputs= */ true, /* inputGradient= */ false);
    }

    @Override
    public Tensor loss(Step step) {
      Step.Part part = step.first();
      return divergence(head.logits(part), head.pretrained(part), temperature);
    }

    @Override
    public List<Parameter> parameters() {
      return head.parameters();
    }

    @Override
    public double rate() {
      return SourceHead.RATE;
    }

    @Override
    public Map<String, Tensor> state() {
      return head.state();
    }

    @Override
    public void close() {
      head.close();
    }
  }
}
