package dev.graft.bench.peer;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.bench.AdapterFolders;
import dev.graft.infer.PredictorOptions;
import dev.graft.tensor.Runtime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Texts through an encoder of six layers, as many under way as fill two batches: with Graft's
 * server, asked by a client in a process of its own, and without, in turn. The arguments: threads
 * that compute, tokens of a text, rounds.
 */
public final class ServerSaturation {

  private static final int SHORT_CALLS = 800;
  private static final int SHORT = 8;
  private static final int MANY = 64;
  private static final int WARM_UP = 15;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ServerSaturation() {}

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      throw new IllegalArgumentException(
          "Got %d arguments; usage: ServerSaturation THREADS TOKENS ROUNDS".formatted(args.length));
    }
    Runtime.setThreads(Integer.parseInt(args[0]));
    int tokens = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    int calls = Math.max(4 * MANY, SHORT_CALLS * SHORT / tokens);
    Series inProcess = new Series();
    Series server = new Series();
    PredictorOptions options = PredictorOptions.defaults().withBatch(32, Duration.ofMillis(2));
    try (Served served = new Served(6, 384, options);
        ClientProcess client = ClientProcess.start(served.port())) {
      for (int i = 0; i < WARM_UP + rounds; i++) {
        if (i == WARM_UP) {
          inProcess.clear();
          server.clear();
        }
        inProcess.add(
            () -> {
              long begin = System.nanoTime();
              var unused =
                  InferCalls.inFlight(
                      MANY,
                      calls,
                      number -> served.beginPredict(AdapterFolders.text(number, tokens)));
              return (System.nanoTime() - begin) / 1e9;
            });
        server.add(() -> client.saturate(MANY, calls, 0, tokens));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d calls of %d tokens, %s threads%nwithout a server: %s%nserver: %s%n"
            + "throughput: %.3f of that without (medians), %.3f by seconds of processor of this process%n",
        calls,
        tokens,
        args[0],
        inProcess,
        server,
        median(inProcess.seconds) / median(server.seconds),
        median(inProcess.processor) / median(server.processor));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** A round of calls. */
  private interface Round {
    double seconds() throws Exception;
  }

  /** Rounds of one kind: seconds that passed, and seconds of processor of this process. */
  private static final class Series {

    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> processor = new ArrayList<>();

    void add(Round round) throws Exception {
      long begin = SYSTEM.getProcessCpuTime();
      seconds.add(round.seconds());
      processor.add((SYSTEM.getProcessCpuTime() - begin) / 1e9);
    }

    void clear() {
      seconds.clear();
      processor.clear();
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.3f s (%.3f to %.3f), %.3f s of processor",
          median(seconds),
          Collections.min(seconds),
          Collections.max(seconds),
          median(processor));
    }
  }
}
