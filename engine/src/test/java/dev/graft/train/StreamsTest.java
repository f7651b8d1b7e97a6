package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Dataset;
import dev.graft.data.Split;
import dev.graft.plan.Phase;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several views of an example, several data sets in a run. */
class StreamsTest {

  private static final List<String> ALL = List.of("stem", "body", "head");

  @TempDir private Path temp;

  /** Checks the layout of what it is given; its loss is nothing. */
  public static final class Layout implements Term {

    @Override
    public About about() {
      return new About("layout", "checks the layout of a step", "a test");
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return new BoundTerm() {
        @Override
        public Needs needs() {
          return new Needs(List.of(), true, false);
        }

        @Override
        public Tensor loss(Step step) {
          check(step.batches().get(1));
          assertTrue(step.first().targets().has("labels"));
          return step.first().outputs().get("logits").sum().mul(0);
        }
      };
    }

    private static void check(Step.Part part) {
      int examples = part.indices().length / 3;
      Tensor pixels = part.inputs().get("pixels");
      assertEquals(part.indices().length, pixels.size(0));
      assertEquals(pixels.size(0), part.outputs().get("logits").size(0));
      for (int view = 0; view < 3; view++) {
        assertArrayEquals(
            Arrays.copyOf(part.indices(), examples),
            Arrays.copyOfRange(part.indices(), view * examples, (view + 1) * examples));
      }
      float[] first = pixels.narrow(0, 0, examples).toFloats();
      float[] second = pixels.narrow(0, examples, examples).toFloats();
      float[] third = pixels.narrow(0, 2L * examples, examples).toFloats();
      assertFalse(Arrays.equals(first, second), "two random views are the same");
      assertArrayEquals(second, third, "a repeated view differs");
      for (int i = 0; i < first.length; i++) {
        assertEquals(first[i], second[i], 1.2, "views of different examples");
      }
      assertTrue(part.targets().names().isEmpty(), "examples without labels have targets");
    }
  }

  /** A data set whose labels must not be asked for. */
  private record Secret(Dataset base) implements Dataset {

    @Override
    public int size() {
      return base.size();
    }

    @Override
    public String id(int index) {
      return base.id(index);
    }

    @Override
    public double target(int index) {
      throw new AssertionError("a label was read");
    }

    @Override
    public List<String> classes() {
      throw new AssertionError("classes were read");
    }

    @Override
    public dev.graft.data.Example load(int index) throws java.io.IOException {
      return base.load(index);
    }
  }

  private TrainJob job(Phase phase) {
    TrainJob job = TinyJobs.job(temp, phase);
    Dataset unlabelled = new Secret(new TinyJobs.Images(20, 7)).withoutTargets();
    // Without a validation part the last weights are kept.
    Split data = job.data();
    Split parts = new Split(data.training(), data.validation().subset(new int[0]), data.test());
    return job.withData(parts.with("unlabelled", unlabelled));
  }

  private static Phase phase() {
    Stream views = Stream.training(6, "noise").withViews(List.of("noise", "noise", Stream.REPEAT));
    return TinyJobs.phase("all", ALL, "noise", 2)
        .plusStream(new Stream("unlabelled", 6, views.views(), Stream.SHUFFLE))
        .plusTerm(TermSpec.of("layout"));
  }

  @Test
  void viewsComeOneAfterAnotherAndLabelsAreNotRead() {
    try (Trainer trainer = new Trainer(job(phase()))) {
      assertTrue(trainer.run().completed());
    }
  }

  @Test
  void microBatchesKeepTheViewsOfAnExampleTogether() {
    Phase phase = phase();
    try (Trainer trainer = new Trainer(job(phase.withRegime(phase.regime().withAccumulate(2))))) {
      assertTrue(trainer.run().completed());
    }
  }

  @Test
  void inOnePassNormalisationsSeeAllStreamsAsOneBatch() {
    Phase phase = phase();
    double apart;
    double together;
    try (Trainer trainer = new Trainer(job(phase))) {
      apart = batches(trainer);
    }
    temp = temp.resolve("joint");
    try (Trainer trainer = new Trainer(job(phase.withRegime(phase.regime().withJoint(true))))) {
      together = batches(trainer);
    }
    assertEquals(12, together, "one batch per update");
    assertEquals(2 * together, apart);
  }

  private static double batches(Trainer trainer) {
    assertTrue(trainer.run().completed());
    return trainer.model().buffers().get("bn1.num_batches_tracked").item();
  }

  @Test
  void fixedViewsComeFromTheFeatureCache() {
    Phase phase =
        TinyJobs.phase("head", List.of("head"), "none", 2)
            .withStreams(List.of(Stream.training(6, "none").withViews(2)));
    try (Trainer trainer = new Trainer(job(phase))) {
      assertTrue(trainer.run().completed());
    }
    assertTrue(temp.resolve("features").toFile().isDirectory());
  }

  @Test
  void anUnknownDataSetIsRefusedWithWhatThereIs() {
    Phase phase = phase().plusStream(new Stream("elsewhere", 2, List.of("none"), Stream.SHUFFLE));
    try (Trainer trainer = new Trainer(job(phase))) {
      String message = assertThrows(IllegalArgumentException.class, trainer::run).getMessage();
      assertTrue(message.contains("'elsewhere'") && message.contains("unlabelled"), message);
    }
  }

  @Test
  void mixingAndViewsAreRefusedTogether() {
    Phase phase =
        TinyJobs.phase("all", ALL, "noise", 1)
            .withStreams(List.of(Stream.training(6, "noise").withViews(2)));
    Phase mixed = phase.withRegime(phase.regime().withMixing(0.2, 0));
    try (Trainer trainer = new Trainer(job(mixed))) {
      assertTrue(
          assertThrows(IllegalArgumentException.class, trainer::run)
              .getMessage()
              .contains("one view"));
    }
  }
}
