package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Graft;
import dev.graft.TinyPlugins;
import dev.graft.data.Example;
import dev.graft.data.Split;
import dev.graft.infer.Predictor;
import dev.graft.plan.Phase;
import dev.graft.tensor.NativeMemory;
import dev.graft.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory stays where it is however long training and prediction go on. The number of steps is
 * {@code -Dgraft.endurance}; what is measured is printed.
 */
class EnduranceTest {

  private static final int STEPS = Integer.getInteger("graft.endurance", 1000);

  private static final int PARTS = 10;

  /** What the Java heap and LibTorch's allocator may still take in the second half, in MiB. */
  private static final long SLACK = 64;

  @TempDir private Path temp;

  /** What is held at one moment. */
  private record Held(long tensors, long nativeBytes, long residentMiB) {

    static Held now() throws IOException {
      NativeMemory.Usage usage = NativeMemory.usage();
      return new Held(usage.tensors(), usage.live(), resident());
    }

    private static long resident() throws IOException {
      Path status = Path.of("/proc/self/status");
      Assumptions.assumeTrue(Files.exists(status), "the resident size is read from /proc");
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  private static void assertFlat(String what, List<Held> held) {
    System.out.printf("%d %s: %s%n", STEPS, what, held);
    Held middle = held.get(held.size() / 2);
    for (Held later : held.subList(held.size() / 2, held.size())) {
      assertEquals(middle.tensors(), later.tensors());
      assertEquals(middle.nativeBytes(), later.nativeBytes());
      assertTrue(later.residentMiB() < middle.residentMiB() + SLACK, () -> what + ": " + held);
    }
  }

  @Test
  void trainingHoldsNoMoreTheLongerItGoesOn() {
    int batch = 8;
    long before = Scope.liveTensors();
    List<Held> held = new ArrayList<>();
    Phase phase = TinyJobs.phase("all", List.of("stem", "body", "head"), "noise", PARTS);
    TrainJob job = TinyJobs.job(temp, phase);
    Split data =
        new Split(
            new TinyJobs.Images(STEPS / PARTS * batch, 1),
            job.data().validation(),
            job.data().test());
    TrainListener listener =
        event -> {
          if (event instanceof TrainEvent.EpochEnded) {
            try {
              held.add(Held.now());
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }
        };
    try (Trainer trainer = new Trainer(job.withData(data).withListener(listener))) {
      assertEquals((long) (STEPS / PARTS) * PARTS, trainer.run().updates());
    }
    assertFlat("training steps", held);
    assertEquals(before, Scope.liveTensors());
  }

  @Test
  void predictingHoldsNoMoreTheLongerItGoesOn() throws IOException {
    long before = Scope.liveTensors();
    var bundle = TinyPlugins.fit(temp, ":scratch=true,epochs=1").bundle().orElseThrow();
    List<Held> held = new ArrayList<>();
    Example example = new TinyJobs.Images(1, 4).load(0);
    try (Predictor predictor = Predictor.open(bundle, Graft.create().registry())) {
      for (int part = 0; part < PARTS; part++) {
        for (int i = 0; i < STEPS / PARTS; i++) {
          assertEquals(1, predictor.predictExamples(List.of(example), 1).size());
        }
        held.add(Held.now());
      }
    }
    assertFlat("predictions", held);
    assertEquals(before, Scope.liveTensors());
  }
}
