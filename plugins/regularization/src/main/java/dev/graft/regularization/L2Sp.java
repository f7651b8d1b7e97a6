package dev.graft.regularization;

import dev.graft.model.Model;
import dev.graft.model.Parameter;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TermMethod;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decay towards the pretrained weights in place of decay towards zero; the new head decays towards
 * zero. The optimizer's own weight decay is switched off: both together would count twice.
 */
public final class L2Sp extends TermMethod {

  private static final About ABOUT =
      new About(
          "l2-sp",
          "decay towards the pretrained weights instead of zero",
          "Li et al. 2018, ICML; defaults: TLlib");

  private static final List<Setting> OWN =
      List.of(
          Setting.number("beta", 0.01, 0, 1000, "strength for weights that were pretrained"),
          Setting.number("head", 0.01, 0, 1000, "strength of the plain decay of the head"));

  /** Makes the method. */
  public L2Sp() {
    super(ABOUT, OWN);
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    return movesPretrained(phase, plan, subject) ? "" : "nothing pretrained moves";
  }

  @Override
  protected Phase edit(Phase phase, Settings all, Subject subject) {
    List<Selector> selectors =
        phase.selectors().stream()
            .map(s -> Double.isNaN(s.weightDecay()) ? s : s.withWeightDecay(0))
            .toList();
    return phase
        .withSelectors(selectors)
        .withOptimizer(phase.optimizer().with("weight_decay", 0.0));
  }

  /** Half the squared distance of weights to their references; with none, to zero. */
  static Tensor halfSquares(List<Tensor> weights, List<Tensor> references) {
    Tensor sum = Tensor.scalar(0);
    for (int i = 0; i < weights.size(); i++) {
      Tensor weight = weights.get(i);
      Tensor distance = references.isEmpty() ? weight : weight.sub(references.get(i));
      sum = sum.add(distance.pow(2).sum());
    }
    return sum.mul(0.5);
  }

  /** The penalty. */
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
      return new Bound(spec.settings(), run);
    }
  }

  private static final class Bound implements BoundTerm {

    private final double beta;
    private final double headDecay;
    private final List<Tensor> weights = new ArrayList<>();
    private final List<Tensor> references = new ArrayList<>();
    private final List<Tensor> head = new ArrayList<>();

    Bound(Settings settings, Run run) {
      beta = settings.number("beta");
      headDecay = settings.number("head");
      Model model = run.model();
      var pretrained = run.source().parameters();
      String last = model.groups().get(model.groups().size() - 1).name();
      for (Selection.Selected selected : Selection.of(run.phase(), model).trained()) {
        Parameter parameter = selected.parameter();
        Parameter reference = pretrained.get(parameter.name());
        if (parameter.group().equals(last)) {
          head.add(parameter.tensor());
        } else if (reference != null && sameShape(parameter, reference)) {
          weights.add(parameter.tensor());
          references.add(copy(reference.tensor()));
        }
      }
    }

    private static boolean sameShape(Parameter one, Parameter other) {
      return Arrays.equals(one.tensor().shape(), other.tensor().shape());
    }

    private static Tensor copy(Tensor tensor) {
      try (Autograd off = Autograd.off()) {
        return Scope.release(tensor.copy());
      }
    }

    @Override
    public Tensor loss(Step step) {
      return halfSquares(weights, references)
          .mul(beta)
          .add(halfSquares(head, List.of()).mul(headDecay));
    }

    @Override
    public void close() {
      references.forEach(Tensor::close);
    }
  }
}
