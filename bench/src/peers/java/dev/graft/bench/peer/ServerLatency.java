package dev.graft.bench.peer;

import dev.graft.infer.PredictorOptions;
import io.grpc.ManagedChannel;
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
 * One text after the other through a small encoder: in this process, behind Graft's server, behind
 * grpc-java on Netty. The median call counts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 3)
public class ServerLatency {

  private Served served;
  private NettyServer netty;
  private ManagedChannel channel;
  private int number;

  /** Starts both servers. */
  @Setup
  public void open() throws Exception {
    served = new Served(2, 64, PredictorOptions.defaults().withBatch(32, Duration.ZERO));
    netty = new NettyServer(served.predictor());
    channel = InferCalls.channel(netty.port());
  }

  /** Without a server. */
  @Benchmark
  public double inProcess() throws Exception {
    return served.predict(number++);
  }

  /** Graft's server. */
  @Benchmark
  public double graft() {
    return served.call(number++);
  }

  /** The peer. */
  @Benchmark
  public double netty() {
    return InferCalls.call(channel, number++);
  }

  /** Stops everything. */
  @TearDown
  public void close() throws Exception {
    channel.shutdownNow();
    netty.close();
    served.close();
  }
}
