package dev.graft.train;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.task.Task;
import java.util.List;

/**
 * The loss of another task than the first, on its labels: of its own stream where the phase has
 * one, else of the first stream's examples, which it labels otherwise.
 */
public final class OtherTaskTerm implements Term {

  /** Id of this term. */
  public static final String ID = "other-task";

  private static final String TASK = "task";

  /** The term of a task in a plan. */
  public static TermSpec of(String task) {
    return new TermSpec(ID, Settings.of(TASK, task), 1, 0);
  }

  /** The task that a term is the loss of; empty where it is another kind of term. */
  static String task(TermSpec term) {
    return term.id().equals(ID) ? term.settings().text(TASK) : "";
  }

  @Override
  public About about() {
    return new About(ID, "The loss of another task on its labels", "the task");
  }

  @Override
  public List<Setting> settings() {
    return List.of(Setting.text(TASK, "", List.of(), "name of the task"));
  }

  @Override
  public BoundTerm bind(TermSpec spec, Run run) {
    String name = task(spec);
    Task task = run.task().all().get(name);
    if (task == null) {
      throw new IllegalArgumentException(
          "no task '%s'; this run has %s".formatted(name, run.task().all().keySet()));
    }
    String data = Task.dataName(name, "training");
    int stream = run.phase().streams().stream().map(Stream::data).toList().indexOf(data);
    return step -> {
      if (stream >= 0) {
        Step.Part own = step.batches().get(stream);
        return task.loss(own.outputs(), own.targets());
      }
      Step.Part first = step.first();
      return task.loss(first.outputs(), run.targets(data, first.indices()));
    };
  }
}
