package dev.graft.distillation;

import dev.graft.layers.Module;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.Companion;
import dev.graft.spi.Subject;
import dev.graft.spi.TransferMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * A method that learns from a teacher: adds one term to the phases in which it can do something. A
 * subclass says what is compared and binds the loss; the term of the same id carries it out.
 */
public abstract class Distillation implements TransferMethod {

  static final String STUDENT_TAPS = "student_taps";
  static final String TEACHER_TAPS = "teacher_taps";

  private static final String TASK = "task";
  private static final String WEIGHT = "weight";
  private static final String TASK_WEIGHT = "task_weight";
  private static final String WARMUP = "warmup_epochs";

  /**
   * How much a method counts unless somebody says otherwise.
   *
   * @param weight factor of its term
   * @param task factor of the task's own loss
   * @param warmup epochs in which its factor rises from 0
   */
  public record Usual(double weight, double task, int warmup) {

    /** Beside the full loss of the task, at once. */
    public static Usual weight(double weight) {
      return new Usual(weight, 1, 0);
    }
  }

  private final About about;
  private final Looks looks;
  private final Usual usual;
  private final List<Setting> own;

  /** A method with settings of its own beside those that all have. */
  protected Distillation(About about, Looks looks, Usual usual, Setting... own) {
    this.about = about;
    this.looks = looks;
    this.usual = usual;
    this.own = List.of(own);
  }

  /**
   * The loss for one phase.
   *
   * @param settings checked, those of {@link #termSettings}
   */
  protected abstract DistillationLoss bind(Settings settings, Setup setup);

  @Override
  public final About about() {
    return about;
  }

  @Override
  public final Role role() {
    return Role.ADDITION;
  }

  final Looks looks() {
    return looks;
  }

  /** What the term understands: the settings of the method that are not the plan's own matter. */
  final List<Setting> termSettings() {
    List<Setting> all = new ArrayList<>(own);
    if (looks != Looks.LOGITS) {
      String help = "paths of modules, separated by +; empty: ends of stages at equal depth";
      all.add(Setting.text(STUDENT_TAPS, "", List.of(), help));
      all.add(Setting.text(TEACHER_TAPS, "", List.of(), help));
    }
    return List.copyOf(all);
  }

  @Override
  public final List<Setting> settings() {
    List<Setting> all = new ArrayList<>();
    all.add(Setting.number(WEIGHT, usual.weight, 0, 1e9, "factor of this loss"));
    all.add(Setting.number(TASK_WEIGHT, usual.task, 0, 1e9, "factor of the task's own loss"));
    all.add(
        Setting.integer(
            WARMUP, usual.warmup, 0, 10_000, "epochs in which the factor rises from 0"));
    all.addAll(termSettings());
    return List.copyOf(all);
  }

  @Override
  public final Plan contribute(Plan plan, Settings settings, Subject subject) {
    Companion teacher = teacher(subject);
    Settings of = Settings.NONE;
    for (Setting setting : termSettings()) {
      of = of.with(setting.key(), settings.values().get(setting.key()));
    }
    Settings term = looks == Looks.LOGITS ? of : withTaps(of, subject, teacher);
    List<Phase> phases = new ArrayList<>();
    for (Phase phase : plan.phases()) {
      phases.add(applies(phase, subject) ? with(phase, settings, term, subject) : phase);
    }
    if (phases.equals(plan.phases())) {
      throw refused(
          "'%s' trains nothing that it could teach; take a strategy that trains more than the head"
              .formatted(plan.methods().isEmpty() ? "the plan" : plan.methods().get(0).id()));
    }
    return plan.withPhases(phases);
  }

  private Companion teacher(Subject subject) {
    Companion teacher = subject.companions().get(Companion.TEACHER);
    if (teacher == null) {
      throw refused(
          "there is no teacher to learn from; name one with --teacher DIR, or Transfer.teacher");
    }
    List<String> labels = subject.task().labels();
    if (looks == Looks.LOGITS && !subject.task().classifies()) {
      throw refused(
          "it compares the classes of examples, and the task chooses none; take one that compares"
              + " features");
    }
    boolean others = !teacher.labels().isEmpty() && !teacher.labels().equals(labels);
    if (looks == Looks.LOGITS && others) {
      throw refused(
          "the teacher's classes are %s, those of the data %s; adapt the teacher to the data first"
              .formatted(teacher.labels(), labels));
    }
    long outputs = outputs(teacher.model());
    if (looks == Looks.LOGITS && outputs > 0 && outputs != labels.size()) {
      throw refused(
          "the teacher tells %d classes apart, the data have %d; adapt the teacher to the data first"
              .formatted(outputs, labels.size()));
    }
    return teacher;
  }

  /** Number of outputs of a head that has a weight, (outputs, …); 0 where that is not known. */
  private static long outputs(Model model) {
    Module head = Modules.child(model.network(), model.network().headPath()).layer();
    Module.Weight weight = head.parameters().get("weight");
    return weight == null ? 0 : weight.tensor().size(0);
  }

  private Settings withTaps(Settings settings, Subject subject, Companion teacher) {
    List<String> student = Taps.split(settings.text(STUDENT_TAPS));
    List<String> others = Taps.split(settings.text(TEACHER_TAPS));
    if (student.isEmpty() && others.isEmpty()) {
      TapPairs pairs = TapPairs.of(looks, subject.model(), teacher.model());
      return settings
          .with(STUDENT_TAPS, Taps.join(pairs.student()))
          .with(TEACHER_TAPS, Taps.join(pairs.teacher()));
    }
    Taps.check(student, subject.model());
    Taps.check(others, teacher.model());
    if (student.size() != others.size()) {
      throw refused(
          "%d student_taps %s and %d teacher_taps %s; they go in pairs"
              .formatted(student.size(), student, others.size(), others));
    }
    return settings;
  }

  /** Solved heads have no updates; a head alone sees nothing of a loss on what lies before it. */
  private boolean applies(Phase phase, Subject subject) {
    if (phase.solvesHead()) {
      return false;
    }
    var groups = subject.model().groups();
    String head = groups.get(groups.size() - 1).name();
    return Selection.of(phase, subject.model()).trained().stream()
        .anyMatch(each -> looks == Looks.LOGITS || !each.parameter().group().equals(head));
  }

  private Phase with(Phase phase, Settings settings, Settings term, Subject subject) {
    int batch = phase.streams().get(0).batchSize();
    int perEpoch = Math.max(1, (subject.examples() + batch - 1) / batch);
    int ramp = settings.integer(WARMUP) * perEpoch;
    double task = settings.number(TASK_WEIGHT);
    List<TermSpec> terms = new ArrayList<>();
    for (TermSpec each : phase.terms()) {
      terms.add(
          each.id().equals(TASK)
              ? new TermSpec(each.id(), each.settings(), each.weight() * task, each.ramp())
              : each);
    }
    return phase
        .withTerms(terms)
        .plusTerm(new TermSpec(about.id(), term, settings.number(WEIGHT), ramp));
  }

  /** The refusal of a plan, with the id of this method and the reason. */
  protected final IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException("method '%s': %s".formatted(about.id(), reason));
  }
}
