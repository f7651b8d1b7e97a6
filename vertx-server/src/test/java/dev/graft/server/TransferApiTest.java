package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.server.jobs.FakeGraft;
import dev.graft.server.jobs.Training;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.protocol.transfer.ListNamesRequest;
import dev.graft.server.protocol.transfer.Promotion;
import dev.graft.server.protocol.transfer.RollbackRequest;
import dev.graft.server.registry.DatabaseOptions;
import dev.graft.server.registry.Versions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which of its calls wait for each other. */
@Timeout(60)
class TransferApiTest {

  private static final int THREADS = 2;

  @TempDir private Path temp;

  @Test
  void promotionsThatWaitKeepNobodyElseWaiting() throws Exception {
    Path models = Files.createDirectories(temp.resolve("models"));
    Path base = Files.createDirectories(temp.resolve("bases").resolve("base"));
    Path data = Files.createDirectories(temp.resolve("data"));
    TrainingOptions options =
        TrainingOptions.of(base.getParent(), data, temp.resolve("jobs"), FakeGraft.command());
    Versions versions = Versions.open(DatabaseOptions.embedded(temp), Clock.systemUTC());
    Vertx vertx = Vertx.vertx();
    try (Training training = Training.open(options, Clock.systemUTC());
        ModelRepository repository =
            new ModelRepository(ModelOptions.of(models), Fixture.REGISTRY, Optional.of(versions))) {
      Promotions promotions = new Promotions(repository, versions);
      WorkerExecutor workers = vertx.createSharedWorkerExecutor("test", THREADS);
      TransferApi api = new TransferApi(workers, training, promotions);
      Context context = vertx.getOrCreateContext();
      List<Future<Promotion>> rollbacks;
      synchronized (promotions) { // as a version does that loads for long
        rollbacks =
            Stream.generate(() -> on(context, () -> api.rollback(nothing())))
                .limit(2 * THREADS)
                .toList();
        assertEquals(
            List.of("base"),
            Fixture.await(on(context, () -> api.names(ListNamesRequest.getDefaultInstance())))
                .getBasesList());
        rollbacks.forEach(rollback -> assertFalse(rollback.isComplete()));
      }
      for (Future<Promotion> rollback : rollbacks) {
        assertThrows(ExecutionException.class, () -> Fixture.await(rollback));
      }
    } finally {
      Fixture.await(vertx.close());
    }
  }

  private static RollbackRequest nothing() {
    return RollbackRequest.newBuilder().setModel("nothing").build();
  }

  /** Calls from one event loop, as a server does. */
  private static <T> Future<T> on(Context context, Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(go -> call.get().onComplete(promise));
    return promise.future();
  }
}
