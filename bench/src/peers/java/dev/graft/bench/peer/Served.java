package dev.graft.bench.peer;

import dev.graft.bench.AdapterFolders;
import dev.graft.bundle.Bundle;
import dev.graft.data.CorruptExampleException;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.registry.Registry;
import dev.graft.server.GraftServer;
import dev.graft.server.ModelOptions;
import dev.graft.server.ServerOptions;
import io.grpc.ManagedChannel;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** An encoder in this process: behind Graft's server, and as a predictor of its own. */
final class Served implements AutoCloseable {

  private final AdapterFolders folders;
  private final Vertx vertx = Vertx.vertx();
  private final Predictor predictor;
  private final int port;
  private final ManagedChannel channel;

  Served(int layers, int width, PredictorOptions options) throws Exception {
    Registry registry = Registry.load(getClass().getClassLoader());
    folders = new AdapterFolders(registry, layers, width);
    Path bundle = folders.whole(InferCalls.MODEL);
    GraftServer server =
        new GraftServer(
            ServerOptions.of(bundle.getParent())
                .withModels(ModelOptions.of(bundle.getParent()).withPredicting(options))
                .withAddress(ServerOptions.LOOPBACK, 0),
            registry);
    vertx.deployVerticle(server).toCompletionStage().toCompletableFuture().join();
    predictor = Predictor.open(Bundle.open(bundle), registry, options);
    port = server.port();
    channel = InferCalls.channel(port);
  }

  Predictor predictor() {
    return predictor;
  }

  int port() {
    return port;
  }

  /** Probability of the first class, by the server. */
  double call(int number) {
    return InferCalls.call(channel, number);
  }

  /** The same by the predictor. */
  double predict(int number) throws Exception {
    return beginPredict(AdapterFolders.text(number)).get()[0];
  }

  CompletableFuture<double[]> beginPredict(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return predictor.submit(predictor.decode("input 0", bytes));
    } catch (CorruptExampleException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws Exception {
    channel.shutdownNow();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    predictor.close();
    folders.close();
  }
}
