package dev.graft.regularization;

import dev.graft.model.Parameter;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TermMethod;
import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Co-Tuning: the old head learns along, from what the pretrained model says on average about each
 * new class. That relation between old and new classes is found once, before the first update, on
 * the training part without augmentation.
 */
public final class CoTuning extends TermMethod {

  private static final About ABOUT =
      new About(
          "co-tuning",
          "the old head is trained along, on what each new class means in old ones",
          "You et al. 2020, NeurIPS; defaults: TLlib");

  /** Makes the method. */
  public CoTuning() {
    super(ABOUT, weighted(2.3, "factor of the old head's cross entropy; the paper's λ", List.of()));
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    if (plan.fromScratch()) {
      return "there is no pretrained head";
    }
    if (!subject.task().classifies()) {
      return "the task does not choose a class for each example";
    }
    return movesFeatures(phase, plan, subject) ? "" : "what enters the head never changes";
  }

  /**
   * Mean source probabilities of each target class.
   *
   * @param probabilities (N, source classes)
   * @param labels (N), INT64
   * @param labelNames names of the target classes; each must have an example
   * @return (target classes, source classes); rows sum to 1
   */
  static Tensor relation(Tensor probabilities, Tensor labels, List<String> labelNames) {
    Tensor members = Nn.oneHot(labels, labelNames.size()).to(probabilities.dtype());
    Tensor counts = members.sum(false, 0);
    float[] known = counts.to(DType.FLOAT32).toFloats();
    for (int i = 0; i < known.length; i++) {
      if (known[i] == 0) {
        throw new IllegalArgumentException(
            "'co-tuning' needs an example of every class; the training part has none of '%s'"
                .formatted(labelNames.get(i)));
      }
    }
    return members.transpose(0, 1).matmul(probabilities).div(counts.unsqueeze(1));
  }

  /** The cross entropy of the old head's logits (N, source classes) against the relation. */
  static Tensor loss(Tensor logits, Tensor relation, Tensor labels) {
    return Nn.crossEntropy(logits, relation.indexSelect(0, labels), 0);
  }

  /** The cross entropy of the old head. */
  public static final class Loss implements Term {

    @Override
    public About about() {
      return ABOUT;
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return new Bound(run);
    }
  }

  private static final class Bound implements BoundTerm {

    private final Run run;
    private final SourceHead head;
    private Tensor relation;

    Bound(Run run) {
      this.run = run;
      this.head = new SourceHead(ABOUT.id(), run);
    }

    @Override
    public Needs needs() {
      return new Needs(List.of(Needs.FEATURES), /* inputs= */ true, /* inputGradient= */ false);
    }

    @Override
    public void prepare() {
      List<Tensor> probabilities = new ArrayList<>();
      List<Tensor> labels = new ArrayList<>();
      try (Scope scope = Scope.open()) {
        run.forEachBatch(
            run.phase().streams().get(0).data(),
            step -> {
              probabilities.add(Scope.release(Nn.softmax(head.pretrained(step.first()), -1)));
              labels.add(Scope.release(step.first().targets().get("labels").copy()));
            });
        Tensor all = Tensor.cat(probabilities, 0);
        relation = Scope.release(relation(all, Tensor.cat(labels, 0), run.task().labels()));
      } finally {
        probabilities.forEach(Tensor::close);
        labels.forEach(Tensor::close);
      }
    }

    @Override
    public Tensor loss(Step step) {
      Step.Part part = step.first();
      if (!part.targets().has("labels")) {
        throw new IllegalArgumentException(
            "'co-tuning' needs one label per example; switch mixup and cutmix off");
      }
      return CoTuning.loss(head.logits(part), relation, part.targets().get("labels"));
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
      Map<String, Tensor> state = new LinkedHashMap<>(head.state());
      state.put("relation", relation);
      return state;
    }

    @Override
    public void close() {
      head.close();
      if (relation != null) {
        relation.close();
      }
    }
  }
}
