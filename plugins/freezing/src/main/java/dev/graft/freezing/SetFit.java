package dev.graft.freezing;

import dev.graft.model.HeadInput;
import dev.graft.plan.Choice;
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
import dev.graft.tensor.DType;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * For few examples per class: features of one class are drawn together and those of different
 * classes made orthogonal, then a linear head is solved on them. Many pairs come of few examples.
 */
public final class SetFit extends Strategy {

  private static final Recipe.Usual USUAL =
      new Recipe.Usual(new Recipe.SgdRate(0.001, 48), 0.0003, 12, 150);

  /** Makes the method. */
  public SetFit() {
    super(
        new About(
            "setfit",
            "features by pairs of examples, alike within a class, then a linear head on them",
            "Tunstall et al. 2022, Efficient Few-Shot Learning Without Prompts"),
        USUAL.settings(
            Setting.text(
                "l2",
                "grid",
                List.of(),
                "head: strength of the penalty, or grid: the best of five on the validation part"),
            Setting.flag("standardise", true, "head: whether features are scaled to std 1"),
            Setting.flag(
                "refit", true, "head: whether it is fitted again with the validation part")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    if (!subject.task().classifies() || subject.task().headInput() != HeadInput.EXAMPLE) {
      throw refused(
          "the task is %s, pairs need one class for each example".formatted(subject.task().id()));
    }
    Recipe recipe = Recipe.of(settings, subject, USUAL);
    List<String> groups = Rates.from(subject.model(), 0);
    List<String> backbone = groups.subList(0, groups.size() - 1);
    Phase pairs = recipe.phase("pairs", Rates.groups(backbone, 1));
    Stream stream = pairs.streams().get(0).withSampler(Choice.of("balanced"));
    return plan.withPhases(
        List.of(
            pairs.withStreams(List.of(stream)).withTerms(List.of(TermSpec.of(PairCosine.ID))),
            LinearProbing.exact("head", subject, settings)));
  }

  /**
   * The squared error of the cosine of two features against 1 within a class and 0 between classes,
   * over all pairs of a batch, both kinds with equal weight.
   *
   * @param features (N, D)
   * @param labels (N) INT64
   */
  static Tensor loss(Tensor features, Tensor labels) {
    Tensor squares = features.mul(features).sum(true, 1);
    Tensor unit = features.div(squares.add(1e-24).sqrt());
    Tensor cosine = unit.matmul(unit.transpose(0, 1));
    Tensor same = equal(labels);
    Tensor alike = same.sub(equal(Tensor.arange(labels.size(0))));
    Tensor different = same.mul(-1).add(1);
    return mean(cosine.sub(1), alike).add(mean(cosine, different)).div(2);
  }

  private static Tensor equal(Tensor values) {
    return values.unsqueeze(1).eq(values.unsqueeze(0)).to(DType.FLOAT32);
  }

  /** Mean square over the pairs of a kind; 0 where the batch has none. */
  private static Tensor mean(Tensor errors, Tensor pairs) {
    double count = Math.max(1, pairs.sum().item());
    return errors.mul(errors).mul(pairs).sum().div(count);
  }

  /** The loss of pairs as a term. */
  public static final class PairCosine implements Term {

    static final String ID = "pair-cosine";

    @Override
    public About about() {
      return new About(ID, "cosines of pairs against their classes", "Reimers and Gurevych 2019");
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return new BoundTerm() {
        @Override
        public Needs needs() {
          return new Needs(
              List.of(Needs.FEATURES), /* inputs= */ false, /* inputGradient= */ false);
        }

        @Override
        public Tensor loss(Step step) {
          Tensor features = step.first().features().to(DType.FLOAT32);
          return SetFit.loss(features, step.first().targets().get("labels"));
        }
      };
    }
  }
}
