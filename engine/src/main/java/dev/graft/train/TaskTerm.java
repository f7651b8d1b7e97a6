package dev.graft.train;

import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.tensor.Tensor;

/** The task's own loss on the first stream. */
public final class TaskTerm implements Term {

  @Override
  public About about() {
    return new About("task", "The loss of the task on its labels", "the task");
  }

  @Override
  public BoundTerm bind(TermSpec spec, Run run) {
    return new BoundTerm() {
      @Override
      public Tensor loss(Step step) {
        return run.task().loss(step.first().outputs(), step.first().targets());
      }
    };
  }
}
