package dev.graft.bench.peer;

import dev.graft.bench.AdapterFolders;
import dev.graft.server.protocol.ModelInferRequest;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A client in a process of its own, so that neither its memory nor its pauses are the server's. It
 * is asked by lines on its standard input and answers by lines on its standard output.
 */
final class ClientProcess implements AutoCloseable {

  private final Process process;
  private final BufferedWriter to;
  private final BufferedReader from;

  private ClientProcess(Process process) {
    this.process = process;
    to = process.outputWriter(StandardCharsets.UTF_8);
    from = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it with this process' classes. */
  static ClientProcess start(int port) throws IOException {
    return new ClientProcess(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ClientProcess.class.getName(),
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /**
   * Seconds for so many calls.
   *
   * @param inFlight calls under way at a time
   * @param models number of models to ask in turn: adapters, or 0 for the encoder itself
   * @param tokens of each text
   */
  double saturate(int inFlight, int calls, int models, int tokens) throws IOException {
    return Double.parseDouble(
        ask("saturate %d %d %d %d".formatted(inFlight, calls, models, tokens)));
  }

  /** What came of calls at a steady rate. */
  record Outcome(Times answered, Times refused) {}

  /** Calls that begin at a steady rate whether others have been answered or not. */
  Outcome steady(double perSecond, int seconds, int models, int tokens) throws IOException {
    String[] words =
        ask("steady %s %d %d %d".formatted(perSecond, seconds, models, tokens)).split(" ");
    return new Outcome(Times.ofWord(words[0]), Times.ofWord(words[1]));
  }

  private String ask(String line) throws IOException {
    to.write(line);
    to.newLine();
    to.flush();
    String answer = from.readLine();
    if (answer == null) {
      throw new IOException("the client has ended; its standard error says why");
    }
    return answer;
  }

  @Override
  public void close() {
    process.destroy();
  }

  // ---- in the other process ----

  /** The argument: the port of the server. */
  public static void main(String[] args) throws Exception {
    ManagedChannel channel = InferCalls.channel(Integer.parseInt(args[0]));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      int models = Integer.parseInt(words[3]);
      int tokens = Integer.parseInt(words[4]);
      System.out.println(
          words[0].equals("saturate")
              ? saturated(
                  channel, Integer.parseInt(words[1]), Integer.parseInt(words[2]), models, tokens)
              : steadily(
                  channel,
                  Double.parseDouble(words[1]),
                  Integer.parseInt(words[2]),
                  models,
                  tokens));
    }
    channel.shutdownNow();
  }

  private static ModelInferRequest request(int model, int models, int number, int tokens) {
    return InferCalls.request(
        models == 0 ? InferCalls.MODEL : "adapter-" + model % models,
        AdapterFolders.text(number, tokens));
  }

  private static String saturated(
      ManagedChannel channel, int inFlight, int calls, int models, int tokens)
      throws InterruptedException {
    long begin = System.nanoTime();
    var unused =
        InferCalls.inFlight(
            inFlight,
            calls,
            number -> InferCalls.begin(channel, request(number, models, number, tokens)));
    return "" + (System.nanoTime() - begin) / 1e9;
  }

  private static String steadily(
      ManagedChannel channel, double perSecond, int seconds, int models, int tokens) {
    ConcurrentLinkedQueue<Long> answered = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Long> refused = new ConcurrentLinkedQueue<>();
    int calls = (int) (perSecond * seconds);
    AtomicInteger open = new AtomicInteger(calls);
    CompletableFuture<Void> all = new CompletableFuture<>();
    Random random = new Random(1);
    long begin = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      long due = begin + (long) (i * 1e9 / perSecond);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      long start = System.nanoTime();
      var unused =
          InferCalls.begin(channel, request(random.nextInt(1000), models, i, tokens))
              .whenComplete(
                  (answer, failure) -> {
                    (failure == null ? answered : refused).add(System.nanoTime() - start);
                    if (open.decrementAndGet() == 0) {
                      all.complete(null);
                    }
                  });
    }
    all.join();
    return Times.of(answered).word() + " " + Times.of(refused).word();
  }
}
