package dev.graft.bench.peer;

import dev.graft.infer.PredictorOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@value #CALLS} texts of eight clients that wait through an encoder of six layers, beside {@link
 * PythonServer}; {@link ServerSaturation} has as many calls under way as fill batches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 20) // the bytecode of two gRPC stacks is compiled late
@Measurement(iterations = 10)
public class ServerThroughput {

  static final int CALLS = 800;

  private static final int CLIENTS = 8;

  private Served served;

  /** Starts the server. */
  @Setup
  public void open() throws Exception {
    served = new Served(6, 384, PredictorOptions.defaults().withBatch(32, Duration.ofMillis(2)));
  }

  /** Graft's server. */
  @Benchmark
  public double graft() throws Exception {
    return InferCalls.byClients(CLIENTS, CALLS, served::call);
  }

  /** Stops everything. */
  @TearDown
  public void close() throws Exception {
    served.close();
  }
}
