package dev.graft.train;

import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.Combine;
import dev.graft.spi.Optimizer;
import dev.graft.spi.Sampler;
import dev.graft.spi.Schedule;
import dev.graft.spi.Subject;
import dev.graft.spi.Surgery;
import dev.graft.spi.Term;
import dev.graft.spi.TransferMethod;
import dev.graft.task.Task;
import dev.graft.train.optim.LinearProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Makes a plan out of methods: one strategy decides what trains, additions add to it. */
public final class Planner {

  /** The strategy behind additions that are asked for without one. */
  public static final String DEFAULT_STRATEGY = "fine-tune";

  private Planner() {}

  /**
   * Reads methods as typed: ids separated by commas, each with its settings behind a colon, for
   * example {@code fine-tune:lr=0.01,epochs=5,l2-sp}. Settings are separated by commas or colons: a
   * piece with {@code =} and without colon belongs to the method before it.
   *
   * @throws IllegalArgumentException if a setting has no {@code =} or stands before any method
   */
  public static List<Choice> parse(String text) {
    List<Choice> methods = new ArrayList<>();
    for (String piece : text.split(",")) {
      String[] parts = piece.strip().split(":");
      boolean settingsAlone = parts[0].contains("=") && !methods.isEmpty();
      Choice choice =
          settingsAlone ? methods.remove(methods.size() - 1) : Choice.of(parts[0].strip());
      for (int i = settingsAlone ? 0 : 1; i < parts.length; i++) {
        String[] pair = parts[i].split("=", 2);
        if (pair.length != 2) {
          throw new IllegalArgumentException(
              "'%s' in '%s' is no setting; write id:key=value,key=value".formatted(parts[i], text));
        }
        choice = choice.with(pair[0].strip(), pair[1].strip());
      }
      methods.add(choice);
    }
    return methods;
  }

  /**
   * The plan of some methods, strategy first.
   *
   * @throws IllegalArgumentException if there are two strategies, a setting is wrong, or a method
   *     refuses what the others made; the message names the methods and the reason
   */
  public static Plan plan(List<Choice> methods, long seed, Subject subject, Registry registry) {
    List<Choice> strategies = new ArrayList<>();
    List<Choice> additions = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (Choice choice : methods) {
      if (!seen.add(choice.id())) {
        throw new IllegalArgumentException(
            "method '%s' is asked for twice; ask for it once".formatted(choice.id()));
      }
      boolean strategy =
          registry.get(TransferMethod.class, choice.id()).role() == TransferMethod.Role.STRATEGY;
      (strategy ? strategies : additions).add(choice);
    }
    if (strategies.size() > 1) {
      throw new IllegalArgumentException(
          "'%s' and '%s' both decide what trains; choose one of them"
              .formatted(strategies.get(0).id(), strategies.get(1).id()));
    }
    if (strategies.isEmpty()) {
      strategies.add(Choice.of(DEFAULT_STRATEGY));
    }
    Plan plan = Plan.start(seed);
    strategies.addAll(additions);
    for (Choice choice : strategies) {
      TransferMethod method = registry.get(TransferMethod.class, choice.id());
      plan = add(plan, method, choice.settings(), subject);
    }
    requireTrained(plan, subject);
    return complete(plan, registry);
  }

  /** Refuses a plan in which the head of a task would stay random. */
  private static void requireTrained(Plan plan, Subject subject) {
    List<String> idle = new ArrayList<>(subject.task().all().keySet());
    idle.remove(Task.MAIN);
    for (Phase phase : plan.phases()) {
      phase.terms().forEach(term -> idle.remove(OtherTaskTerm.task(term)));
    }
    if (!idle.isEmpty()) {
      throw new IllegalArgumentException(
          "%s trains nothing for the tasks %s; add a method that weighs tasks, for example equal"
              .formatted(plan.methods().stream().map(Choice::id).toList(), idle));
    }
  }

  /**
   * The plan with what one more method contributes.
   *
   * @throws IllegalArgumentException if a setting is wrong, the method refuses what is there, or
   *     asks a phase for something that it would ignore
   */
  public static Plan add(Plan plan, TransferMethod method, Settings settings, Subject subject) {
    String id = method.about().id();
    Settings checked = settings.checked(id, method.settings());
    Plan made = method.contribute(plan, checked, subject);
    for (Phase phase : made.phases()) {
      String ignored = phase.ignored();
      if (!ignored.isEmpty()) {
        throw new IllegalArgumentException(
            "'%s' means nothing with %s: phase '%s' solves its head exactly and would ignore %s"
                .formatted(
                    id,
                    plan.methods().stream().map(each -> "'" + each.id() + "'").toList(),
                    phase.name(),
                    ignored));
      }
    }
    return made.plusMethod(new Choice(id, checked));
  }

  /** The plan with every setting of everything it names, so that it needs no defaults later. */
  private static Plan complete(Plan plan, Registry registry) {
    Set<String> names = new TreeSet<>();
    for (Phase phase : plan.phases()) {
      if (!names.add(phase.name())) {
        throw new IllegalArgumentException(
            "two phases are named '%s' in the plan of %s"
                .formatted(phase.name(), plan.methods().stream().map(Choice::id).toList()));
      }
    }
    return plan.withSurgery(
            plan.surgery().stream()
                .map(c -> complete(c, registry.get(Surgery.class, c.id()).settings()))
                .toList())
        .mapPhases(phase -> complete(phase, registry));
  }

  private static Phase complete(Phase phase, Registry registry) {
    boolean solved = phase.optimizer().id().equals(LinearProbe.ID);
    List<Setting> optimizer =
        solved
            ? LinearProbe.settings()
            : registry.get(Optimizer.class, phase.optimizer().id()).settings();
    boolean sum = phase.combine().id().equals(Phase.SUM.id());
    List<Setting> combine =
        sum ? List.of() : registry.get(Combine.class, phase.combine().id()).settings();
    return phase
        .withOptimizer(complete(phase.optimizer(), optimizer))
        .withSchedule(
            complete(
                phase.schedule(), registry.get(Schedule.class, phase.schedule().id()).settings()))
        .withCombine(complete(phase.combine(), combine))
        .withTerms(phase.terms().stream().map(term -> complete(term, registry)).toList())
        .withStreams(phase.streams().stream().map(stream -> complete(stream, registry)).toList());
  }

  private static TermSpec complete(TermSpec term, Registry registry) {
    Settings settings =
        term.settings().checked(term.id(), registry.get(Term.class, term.id()).settings());
    return new TermSpec(term.id(), settings, term.weight(), term.ramp());
  }

  private static Stream complete(Stream stream, Registry registry) {
    Choice sampler = stream.sampler();
    return stream.withSampler(
        complete(sampler, registry.get(Sampler.class, sampler.id()).settings()));
  }

  private static Choice complete(Choice choice, List<Setting> known) {
    return new Choice(choice.id(), choice.settings().checked(choice.id(), known));
  }
}
