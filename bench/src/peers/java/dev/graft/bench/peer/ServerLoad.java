package dev.graft.bench.peer;

import dev.graft.bench.AdapterFolders;
import dev.graft.bundle.Bundle;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.infer.SharedBase;
import dev.graft.registry.Registry;
import dev.graft.server.GraftServer;
import dev.graft.server.ModelOptions;
import dev.graft.server.ServerOptions;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.tensor.NativeMemory;
import dev.graft.tensor.Runtime;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A server of {@value #ADAPTERS} adapters over one encoder, under three times what it can do, while
 * adapters come and go, and for as many minutes as the argument says under a mixture of calls,
 * cancelled calls, broken connections and garbage, in which every answer is checked.
 */
public final class ServerLoad implements AutoCloseable {

  private static final int ADAPTERS = 16;
  private static final int WAITING = 32;
  private static final int TEXTS = 50;
  private static final int TOKENS = 8;

  private final AdapterFolders folders;
  private final Registry registry = Registry.load(ServerLoad.class.getClassLoader());
  private final Vertx vertx = Vertx.vertx();
  private final ServerOptions options;
  private GraftServer server;
  private final float[][] expected = new float[ADAPTERS][TEXTS];

  private ServerLoad() throws Exception {
    Runtime.setThreads(Math.max(1, java.lang.Runtime.getRuntime().availableProcessors() - 1));
    folders = new AdapterFolders(registry, 6, 384);
    Path lora = folders.fitted("lora:epochs=1");
    PredictorOptions predicting =
        PredictorOptions.defaults().withBatch(16, Duration.ofMillis(2)).withCapacity(WAITING);
    try (SharedBase base = folders.graft().sharedBase(folders.base(), predicting)) {
      for (int i = 0; i < ADAPTERS; i++) {
        Path adapter = folders.variant(lora, i);
        try (Predictor predictor = base.open(Bundle.open(adapter))) {
          for (int text = 0; text < TEXTS; text++) {
            byte[] bytes = AdapterFolders.text(text).getBytes(StandardCharsets.UTF_8);
            expected[i][text] =
                (float) predictor.scores(List.of(predictor.decode("text", bytes)))[0][0];
          }
        }
      }
    }
    ModelOptions models =
        ModelOptions.of(folders.variants())
            .withPredicting(predicting)
            .withBases(List.of(folders.base()), ADAPTERS);
    options =
        ServerOptions.of(folders.variants())
            .withModels(models)
            .withAddress(ServerOptions.LOOPBACK, 0);
    server = serve(options);
  }

  private GraftServer serve(ServerOptions wanted) {
    GraftServer started = new GraftServer(wanted, registry);
    vertx.deployVerticle(started).toCompletionStage().toCompletableFuture().join();
    return started;
  }

  /** Another server in place of the present one, which trains too. */
  private void serveAndTrain() {
    vertx.undeploy(server.deploymentID()).toCompletionStage().toCompletableFuture().join();
    Path bases = folders.base().getParent();
    TrainingOptions training =
        TrainingOptions.of(
            bases,
            folders.data().getParent(),
            bases.resolveSibling("jobs"),
            FitProcess.command());
    server = serve(options.withTraining(training));
  }

  /** The argument: minutes of mixed load, 1 where there is none. */
  public static void main(String[] args) throws Exception {
    try (ServerLoad load = new ServerLoad()) {
      try (ClientProcess client = ClientProcess.start(load.server.port())) {
        load.overload(client);
        load.comingAndGoing(client);
      }
      load.mixture(Duration.ofMinutes(args.length == 0 ? 1 : Integer.parseInt(args[0])));
    }
  }

  private ModelInferRequest request(int adapter, int text) {
    return InferCalls.request("adapter-" + adapter, AdapterFolders.text(text));
  }

  private boolean isRight(ModelInferResponse response, int adapter, int text) {
    float answer = response.getOutputs(0).getContents().getFp32Contents(0);
    return Math.abs(answer - expected[adapter][text]) < 1e-5;
  }

  private void overload(ClientProcess client) throws IOException {
    warmUp(client, 100);
    double rate = rate(client);
    warmUp(client, 3 * rate); // refusals have bytecode of their own
    Times alone = client.steady(rate / 10, 10, ADAPTERS, TOKENS).answered();
    ClientProcess.Outcome three = client.steady(3 * rate, 20, ADAPTERS, TOKENS);
    double bound = WAITING / rate * 1000;
    System.out.printf(
        Locale.ROOT,
        "at most %.0f calls a second%na tenth of it: %s%nthree times it, answered: %s%nthree times"
            + " it, refused: %s%nbound: 2 x %.2f + %.2f for the queue = %.2f ms%n",
        rate,
        alone,
        three.answered(),
        three.refused(),
        alone.p99(),
        bound,
        2 * alone.p99() + bound);
  }

  /** Calls until bytecode is compiled on both sides. */
  private static void warmUp(ClientProcess client, double rate) throws IOException {
    ClientProcess.Outcome unused = client.steady(rate, 20, ADAPTERS, TOKENS);
  }

  /** Calls a second when as many are under way as may be. */
  private static double rate(ClientProcess client) throws IOException {
    int calls = 2000;
    double best = 0;
    for (int i = 0; i < 3; i++) {
      best = Math.max(best, calls / client.saturate(WAITING / 2, calls, ADAPTERS, TOKENS));
    }
    return best;
  }

  /** Calls at a tenth of what is possible while other adapters are unloaded and loaded. */
  private void comingAndGoing(ClientProcess client) throws Exception {
    double rate = rate(client) / 10;
    AtomicInteger loaded = new AtomicInteger();
    Thread loader =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                // The last two are asked for while they are away, too.
                String name = "adapter-" + (ADAPTERS - 1 - loaded.get() % 2);
                if (!post(name, "unload") || !post(name, "load")) {
                  return;
                }
                loaded.incrementAndGet();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
              }
            });
    loader.start();
    warmUp(client, rate);
    loaded.set(0);
    ClientProcess.Outcome loading = client.steady(rate, 30, ADAPTERS, TOKENS);
    loader.interrupt();
    loader.join();
    Times quiet = client.steady(rate, 30, ADAPTERS, TOKENS).answered();
    System.out.printf(
        "while %d adapters were loaded: %s; not there at that moment: %s%nwithout loading: %s%n",
        loaded.get(), loading.answered(), loading.refused(), quiet);
  }

  private final HttpClient http = HttpClient.newHttpClient();

  private boolean post(String model, String what) {
    URI uri =
        URI.create(
            "http://127.0.0.1:%d/v2/repository/models/%s/%s"
                .formatted(server.port(), model, what));
    HttpRequest request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void mixture(Duration time) throws Exception {
    serveAndTrain();
    FitJobs jobs =
        new FitJobs(server.port(), folders.base(), folders.data());
    long end = System.nanoTime() + time.toNanos();
    ConcurrentHashMap<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int seed = i;
      threads.add(new Thread(() -> ask(new Random(seed), end, counts)));
    }
    threads.add(new Thread(() -> spoil(new Random(100), end, counts)));
    threads.add(new Thread(() -> reload(new Random(200), end, counts)));
    threads.add(new Thread(() -> jobs.train(end)));
    threads.forEach(Thread::start);
    long minute = System.nanoTime();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(Math.min(end, minute) - System.nanoTime());
      if (System.nanoTime() >= minute) {
        System.out.printf("%s%n", NativeMemory.usage());
        minute += TimeUnit.MINUTES.toNanos(1);
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.printf("%s%n%s%n%s%n", NativeMemory.usage(), counts, jobs.outcome());
  }

  private static void count(ConcurrentHashMap<String, AtomicInteger> counts, String what) {
    counts.computeIfAbsent(what, key -> new AtomicInteger()).incrementAndGet();
  }

  /** Calls, one after the other; some are cancelled, some have no time, some connections end. */
  private void ask(Random random, long end, ConcurrentHashMap<String, AtomicInteger> counts) {
    ManagedChannel channel = InferCalls.channel(server.port());
    while (System.nanoTime() < end) {
      int adapter = random.nextInt(ADAPTERS);
      int text = random.nextInt(TEXTS);
      int kind = random.nextInt(100);
      if (kind == 0) {
        channel.shutdownNow();
        channel = InferCalls.channel(server.port());
      } else if (kind < 6) {
        Context.CancellableContext context = Context.current().withCancellation();
        CompletableFuture<ModelInferResponse> begun = new CompletableFuture<>();
        ManagedChannel now = channel;
        context.run(
            () -> {
              var unused =
                  InferCalls.begin(now, request(adapter, text))
                      .whenComplete((answer, failure) -> begun.complete(answer));
            });
        context.cancel(null);
        count(counts, begun.join() == null ? "cancelled" : "answered before it was cancelled");
      } else {
        CallOptions options =
            kind < 10
                ? CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MILLISECONDS)
                : CallOptions.DEFAULT;
        try {
          ModelInferResponse response =
              ClientCalls.blockingUnaryCall(
                  channel, InferCalls.METHOD, options, request(adapter, text));
          count(counts, isRight(response, adapter, text) ? "right" : "WRONG");
        } catch (StatusRuntimeException e) {
          count(counts, e.getStatus().getCode().name());
        }
      }
    }
    channel.shutdownNow();
  }

  /** Garbage, half a request, and nothing at all, each on a connection of its own. */
  private void spoil(Random random, long end, ConcurrentHashMap<String, AtomicInteger> counts) {
    while (System.nanoTime() < end) {
      byte[] garbage = new byte[1 + random.nextInt(2000)];
      random.nextBytes(garbage);
      byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      if (random.nextBoolean()) {
        garbage = Arrays.copyOf(preface, preface.length + random.nextInt(100));
      }
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
          OutputStream out = socket.getOutputStream()) {
        out.write(garbage);
        out.flush();
        count(counts, "garbage");
      } catch (IOException e) {
        count(counts, "garbage refused");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private void reload(Random random, long end, ConcurrentHashMap<String, AtomicInteger> counts) {
    while (System.nanoTime() < end) {
      String name = "adapter-" + random.nextInt(ADAPTERS);
      count(counts, post(name, "unload") && post(name, "load") ? "reloaded" : "NOT RELOADED");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    folders.close();
  }
}
