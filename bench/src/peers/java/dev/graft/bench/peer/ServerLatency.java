package dev.graft.bench.peer;

import dev.graft.infer.PredictorOptions;
import dev.graft.tensor.Runtime;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One text after the other through a small encoder: in this process, behind grpc-java on Netty,
 * behind Graft's server. Rounds in turn in one process, so that the machine and the compiler of
 * bytecode are the same for each. The arguments: threads that compute, rounds.
 */
public final class ServerLatency {

  private static final int CALLS = 1000;
  private static final int WARM_UP = 15;

  private ServerLatency() {}

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    if (args.length != 2) {
      throw new IllegalArgumentException(
          "Got %d arguments; usage: ServerLatency THREADS ROUNDS".formatted(args.length));
    }
    Runtime.setThreads(Integer.parseInt(args[0]));
    int rounds = Integer.parseInt(args[1]);
    List<Long> inProcess = new ArrayList<>();
    List<Long> netty = new ArrayList<>();
    List<Long> graft = new ArrayList<>();
    PredictorOptions options = PredictorOptions.defaults().withBatch(32, Duration.ZERO);
    try (Served served = new Served(2, 64, options);
        NettyServer peer = new NettyServer(served.predictor())) {
      ManagedChannel channel = InferCalls.channel(peer.port());
      for (int i = 0; i < WARM_UP + rounds; i++) {
        if (i == WARM_UP) {
          inProcess.clear();
          netty.clear();
          graft.clear();
        }
        time(inProcess, served::predict);
        time(netty, number -> InferCalls.call(channel, number));
        time(graft, served::call);
      }
      channel.shutdownNow();
    }
    Times without = Times.of(inProcess);
    Times theirs = Times.of(netty);
    Times ours = Times.of(graft);
    System.out.printf(
        Locale.ROOT,
        "%s threads%nin this process: %s%ngrpc-java on Netty: %s%nserver: %s%n"
            + "medians: %.2f ms more than in this process (aim: 1), %.2f of grpc-java (aim: 1.2)%n",
        args[0],
        without,
        theirs,
        ours,
        ours.median() - without.median(),
        ours.median() / theirs.median());
  }

  private static void time(List<Long> nanos, InferCalls.Call call) throws Exception {
    for (int number = 0; number < CALLS; number++) {
      long begin = System.nanoTime();
      var unused = call.answer(number);
      nanos.add(System.nanoTime() - begin);
    }
  }
}
