package dev.graft.distillation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.bundle.Bundle;
import dev.graft.distillation.logits.Kd;
import dev.graft.distillation.maps.FitNet;
import dev.graft.distillation.maps.ReviewKd;
import dev.graft.distillation.relations.Crd;
import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.registry.Registry;
import dev.graft.report.EpochRecord;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Companion;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TransferMethod;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.tiny.TinyFineTune;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.TrainJob;
import dev.graft.train.Trainer;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The teacher sees what the student sees, changes nothing, is computed once and left behind. */
class TeacherTest {

  private static final Registry REGISTRY = Registry.load(TeacherTest.class.getClassLoader());
  private static final TinyTransfer PICTURES = TinyTransfer.pictures();

  @TempDir private Path temp;

  private static Plan plan(TransferMethod method) {
    return PICTURES.plan(
        3, List.of(new TinyFineTune(), method), List.of(Settings.NONE, Settings.NONE));
  }

  private static Plan withViews(Plan plan, String view) {
    return plan.mapPhases(
        phase -> phase.withStreams(List.of(phase.streams().get(0).withViews(List.of(view)))));
  }

  private TrainJob job(Plan plan, String folder, boolean cache) {
    TrainJob job = PICTURES.job(plan, temp.resolve(folder), REGISTRY);
    return job.withOptions(job.options().withCacheFeatures(cache));
  }

  private List<Double> losses(Plan plan, String folder, boolean cache) {
    try (Trainer trainer = new Trainer(job(plan, folder, cache))) {
      return trainer.run().history().stream().skip(1).map(EpochRecord::trainingLoss).toList();
    }
  }

  // ---- trap 26: same tensor, evaluation mode, no gradient, nothing changed ----

  /** Fails the run where the teacher changes, or says what it would not say of these inputs. */
  public static final class Probe implements Term {

    @Override
    public About about() {
      return new About("teacher-probe", "watches the teacher, for tests", "none");
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      Companion.View view = run.watch(Companion.TEACHER, List.of());
      Model teacher = run.companion(Companion.TEACHER).model();
      Map<String, HostTensor> before = weights(teacher);
      return new BoundTerm() {
        @Override
        public Needs needs() {
          return new Needs(List.of(), true, false);
        }

        @Override
        public Tensor loss(Step step) {
          Tensor seen = view.see(step, 0).outputs().get("logits");
          assertFalse(seen.requiresGrad());
          assertSame(seen, view.see(step, 0).outputs().get("logits"), "computed twice");
          try (Autograd off = Autograd.off()) {
            Tensor own = run.forward(teacher, step.first().inputs()).get("logits");
            assertEquals(own.toHost(), seen.toHost(), "other inputs, or training mode");
          }
          return step.first().outputs().get("logits").sum().mul(0);
        }

        @Override
        public void close() {
          assertEquals(before, weights(teacher));
        }
      };
    }

    private static Map<String, HostTensor> weights(Model model) {
      Map<String, HostTensor> state = new LinkedHashMap<>();
      model.state().forEach((name, tensor) -> state.put(name, tensor.toHost()));
      return state;
    }
  }

  @Test
  void theTeacherSeesTheSameTensorAndDoesNotChange() {
    Plan plan = plan(new Kd()).mapPhases(phase -> phase.plusTerm(TermSpec.of("teacher-probe")));
    assertEquals(4, losses(plan, "probe", true).size());
  }

  // ---- trap 27: the cache knows the view ----

  @Test
  void withFixedViewsCachedOutputsAreTheTeachersOwn() throws IOException {
    for (TransferMethod method : List.of(new Kd(), new FitNet())) {
      Plan fixed = withViews(plan(method), Stream.NONE);
      String id = method.about().id();
      List<Double> cached = losses(fixed, id + "-cached", true);
      List<Double> computed = losses(fixed, id + "-computed", false);
      for (int i = 0; i < cached.size(); i++) {
        assertEquals(computed.get(i), cached.get(i), 1e-5 * Math.abs(computed.get(i)));
      }
      assertEquals(1, caches(id + "-cached").size());
      assertEquals(Set.of(), caches(id + "-computed"));
    }
  }

  @Test
  void withRandomViewsNothingIsCached() throws IOException {
    Plan random = plan(new Kd());
    assertNotEquals(Stream.NONE, random.phases().get(0).streams().get(0).augmentation());
    assertEquals(losses(random, "allowed", true), losses(random, "forbidden", false));
    assertEquals(Set.of(), caches("allowed"));
    Plan mixed =
        withViews(random, Stream.NONE)
            .mapPhases(phase -> phase.withRegime(phase.regime().withMixing(0.4, 0)));
    assertEquals(losses(mixed, "mixed", true), losses(mixed, "mixed-forbidden", false));
    assertEquals(Set.of(), caches("mixed"));
  }

  @Test
  void anotherViewIsAnotherCache() throws IOException {
    Plan once = withViews(plan(new Kd()), Stream.NONE);
    var unused = losses(once, "views", true);
    Set<String> first = caches("views");
    Plan twice =
        once.mapPhases(
            phase ->
                phase.withStreams(
                    List.of(
                        phase.streams().get(0).withViews(List.of(Stream.NONE, Stream.REPEAT)))));
    unused = losses(twice, "twice", true);
    assertEquals(1, caches("twice").size());
    assertNotEquals(first, caches("twice"));
  }

  private Set<String> caches(String folder) throws IOException {
    Path features = temp.resolve(folder).resolve("features");
    Set<String> names = new TreeSet<>();
    if (Files.isDirectory(features)) {
      try (var files = Files.list(features)) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      }
    }
    return names;
  }

  // ---- trap 29: parts train and stay behind ----

  @Test
  void partsTrainAndAreNotExported() throws IOException {
    for (TransferMethod method : List.of(new FitNet(), new ReviewKd(), new Crd())) {
      Plan plan = plan(method);
      Path run = temp.resolve(method.about().id());
      try (Trainer trainer = new Trainer(PICTURES.job(plan, run, REGISTRY));
          Model plain = PICTURES.base().pretrained()) {
        long before = trainer.model().parameterCount();
        assertTrue(trainer.run().completed());
        assertEquals(before, trainer.model().parameterCount());
        Bundle bundle = PICTURES.bundle(run.resolve("bundle"), plan, trainer.model());
        assertEquals(
            new TreeSet<>(plain.state().keySet()), new TreeSet<>(bundle.weights().names()));
      }
      assertPartsMoved(run.resolve("snapshots"), method.about().id());
    }
  }

  /** The two newest snapshots hold the parts, and all of their weights differ. */
  private static void assertPartsMoved(Path snapshots, String id) throws IOException {
    List<Weights> newest = new ArrayList<>();
    try (var folders = Files.list(snapshots)) {
      for (Path folder : folders.sorted().toList()) {
        newest.add(Weights.open(folder.resolve("state.safetensors")));
      }
    }
    List<String> parts =
        newest.get(1).names().stream()
            .filter(name -> name.startsWith("term/") && name.endsWith("weight"))
            .toList();
    assertFalse(parts.isEmpty(), id + " has no parts");
    for (String part : parts) {
      assertNotEquals(newest.get(0).get(part), newest.get(1).get(part), id + " " + part);
    }
  }

  // ---- refusals ----

  private static String refusal(TransferMethod method, Settings settings, Subject subject) {
    Plan start =
        new TinyFineTune()
            .contribute(
                Plan.start(0), Settings.NONE.checked("f", new TinyFineTune().settings()), subject);
    Settings checked = settings.checked(method.about().id(), method.settings());
    return assertThrows(
            IllegalArgumentException.class, () -> method.contribute(start, checked, subject))
        .getMessage();
  }

  @Test
  void whatMeansNothingIsRefusedWithTheNextStep() {
    try (Model student = PICTURES.base().pretrained();
        Model teacher = PICTURES.teacher().pretrained()) {
      Subject alone = new Subject(student, false, PICTURES.task(), 48, "noise");
      assertTrue(refusal(new Kd(), Settings.NONE, alone).contains("--teacher"));
      Subject others = with(alone, new Companion(teacher, List.of("a", "b", "c")));
      assertTrue(refusal(new Kd(), Settings.NONE, others).contains("[a, b, c]"));
      Subject right = with(alone, new Companion(teacher, PICTURES.task().labels()));
      Settings unknown = Settings.of("student_taps", "conv9").with("teacher_taps", "conv1");
      assertTrue(refusal(new FitNet(), unknown, right).contains("conv9"));
      Settings odd = Settings.of("student_taps", "bn1+bn2").with("teacher_taps", "bn1");
      assertTrue(refusal(new FitNet(), odd, right).contains("pairs"));
    }
  }

  private static Subject with(Subject subject, Companion teacher) {
    return new Subject(
        subject.model(),
        false,
        subject.task(),
        subject.examples(),
        subject.augmentation(),
        subject.strongAugmentation(),
        Set.of(),
        Map.of(Companion.TEACHER, teacher));
  }

  @Test
  void tapsAreNamedInThePlan() {
    Settings term = plan(new ReviewKd()).phases().get(0).terms().get(1).settings();
    assertEquals("bn1+bn2", term.text("student_taps"));
    assertEquals("bn1+bn2", term.text("teacher_taps"));
  }
}
