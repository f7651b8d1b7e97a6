package dev.graft.bench;

import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.ScratchFolder;
import dev.graft.registry.Registry;
import dev.graft.report.EpochRecord;
import dev.graft.train.TrainOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Ten epochs of training a new head on a frozen ResNet-18, from image files to a bundle: the whole
 * of what a user waits for.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
public class HeadTraining {

  /** Passes over the training part. */
  public static final int EPOCHS = 10;

  /** Images per update. */
  public static final int BATCH = 32;

  private ScratchFolder folder;
  private Graft graft;

  /** Writes the base and the images. */
  @Setup
  public void open() throws IOException {
    open(RandomImages.TRAINING);
  }

  void open(int perClass) throws IOException {
    Registry registry = Registry.load(getClass().getClassLoader());
    folder = ScratchFolder.create("graft-bench");
    Networks.publish(folder.path("base"), registry);
    RandomImages.write(folder.path("data"), perClass);
    graft = Graft.with(registry);
  }

  /** Features of the frozen part computed once and kept. */
  @Benchmark
  public List<Double> cached() throws IOException {
    return losses(true);
  }

  /** Features computed anew in each epoch. */
  @Benchmark
  public List<Double> uncached() throws IOException {
    return losses(false);
  }

  private List<Double> losses(boolean cache) throws IOException {
    Fitted fitted =
        graft
            .transfer(folder.path("base"), folder.path("data"))
            .method("linear-probe:solver=gradient:epochs=%d:batch_size=%d".formatted(EPOCHS, BATCH))
            .options(TrainOptions.defaults().withCacheFeatures(cache))
            .fit(folder.path("run"));
    return fitted.result().history().stream().map(EpochRecord::trainingLoss).toList();
  }

  /** Forgets the run. */
  @TearDown(Level.Iteration)
  public void forget() throws IOException {
    folder.delete("run");
  }

  /** Deletes everything. */
  @TearDown
  public void close() throws IOException {
    folder.close();
  }
}
