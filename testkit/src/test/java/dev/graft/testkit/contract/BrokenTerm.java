package dev.graft.testkit.contract;

import dev.graft.plan.Setting;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;

/** A term that breaks one promise, to see that the contract notices. */
public final class BrokenTerm implements Term {

  @Override
  public About about() {
    return new About("broken", "breaks one promise, for tests", "none");
  }

  @Override
  public List<Setting> settings() {
    return List.of(Setting.text("how", "", List.of(), "which promise"));
  }

  @Override
  public BoundTerm bind(TermSpec spec, Run run) {
    String how = spec.settings().text("how");
    if (how.equals("unbound")) {
      throw new IllegalStateException("this term cannot be bound");
    }
    return new Bound(how, run);
  }

  private static final class Bound implements BoundTerm {

    private final String how;
    private final Run run;
    private final Tensor own = Scope.release(Tensor.zeros(1));
    private int calls;

    Bound(String how, Run run) {
      this.how = how;
      this.run = run;
    }

    @Override
    public void close() {
      own.close();
    }

    @Override
    public Tensor loss(Step step) {
      calls++;
      if (how.equals("rises")) {
        return run.task().loss(step.first().outputs(), step.first().targets()).mul(-2);
      }
      double factor =
          switch (how) {
            case "unseeded" -> System.nanoTime() % 1000;
            case "forgetful" -> calls;
            default -> 0;
          };
      return step.first().outputs().get("logits").mean().mul(factor * 1e-3);
    }

    @Override
    public void afterUpdate(Step step) {
      try (Autograd off = Autograd.off()) {
        if (how.equals("thaws")) {
          run.model().state().get("bn1.running_mean").addInPlace(Tensor.scalar(1e-3), 1);
        } else if (how.equals("leaks") && calls == 1) {
          Tensor unused = Scope.release(Tensor.zeros(1));
        }
      }
    }
  }
}
