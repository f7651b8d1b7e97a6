package dev.graft.bench.peer;

import dev.graft.server.protocol.ModelInferRequest;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * The calls of eight clients of {@link ServerThroughput}, to a server of Python's grpcio with an
 * encoder of PyTorch of the same size; {@code -Dgraft.python} names the interpreter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
public class PythonServer {

  private Path protocol;
  private Process process;
  private ManagedChannel channel;

  /** Starts it; it reads the protocol from its description. */
  @Setup
  public void open() throws IOException {
    protocol = Files.createTempFile("graft-protocol", ".pb");
    Files.write(protocol, ModelInferRequest.getDescriptor().getFile().toProto().toByteArray());
    process =
        new ProcessBuilder(
                System.getProperty("graft.python", "python3"),
                "bench/src/peers/python/server.py",
                protocol.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String port =
        new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    channel = InferCalls.channel(Integer.parseInt(port));
  }

  /** Eight clients. */
  @Benchmark
  public double eight() throws Exception {
    return InferCalls.byClients(
        8, ServerThroughput.CALLS, number -> InferCalls.call(channel, number));
  }

  /** Stops it. */
  @TearDown
  public void close() throws IOException {
    channel.shutdownNow();
    process.destroy();
    Files.delete(protocol);
  }
}
