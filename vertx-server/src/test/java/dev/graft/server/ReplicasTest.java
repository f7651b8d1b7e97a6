package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.server.jobs.FakeGraft;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.transfer.PromoteRequest;
import dev.graft.server.protocol.transfer.Promotion;
import dev.graft.server.protocol.transfer.RollbackRequest;
import dev.graft.server.registry.DatabaseOptions;
import dev.graft.server.registry.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL and one folder of models. */
@Timeout(300)
class ReplicasTest {

  /** So far apart that none is made during a test. */
  private static final int NEVER = 1_000_000;

  @TempDir private Path temp;
  private Path model;
  private PostgresServer database;

  @BeforeEach
  void start() throws Exception {
    database = PostgresServer.start();
    model = temp.resolve("models").resolve("pictures");
    for (int version = 1; version <= 2; version++) {
      Fixture.bundle(model.resolve(Integer.toString(version)), version);
    }
    Files.createDirectories(temp.resolve("bases"));
    Files.createDirectories(temp.resolve("data"));
  }

  @AfterEach
  void stop() throws Exception {
    if (database != null) {
      database.close();
    }
  }

  /** With a folder of jobs of its own. */
  private Fixture server(String jobs, int follow) throws Exception {
    DatabaseOptions registry = database.options().withFollow(follow);
    TrainingOptions training =
        TrainingOptions.of(
            temp.resolve("bases"), temp.resolve("data"), temp.resolve(jobs), FakeGraft.command());
    return new Fixture(ServerOptions.of(temp.resolve("models")).withTraining(training, registry));
  }

  private static void promote(Fixture fixture, int version) throws Exception {
    PromoteRequest request =
        PromoteRequest.newBuilder().setModel("pictures").setVersion(version).build();
    var unused = fixture.transfer("Promote", request, Promotion.getDefaultInstance());
  }

  private static void rollback(Fixture fixture) throws Exception {
    RollbackRequest request = RollbackRequest.newBuilder().setModel("pictures").build();
    var unused = fixture.transfer("Rollback", request, Promotion.getDefaultInstance());
  }

  private static String answering(Fixture fixture) throws Exception {
    return fixture
        .call(
            "ModelInfer",
            Fixture.request("pictures", 0).build(),
            ModelInferResponse.getDefaultInstance())
        .getModelVersion();
  }

  private static void look(Fixture fixture) throws Exception {
    var unused = Fixture.await(fixture.server.replicas().look());
  }

  @Test
  void promotionsAndRollbacksHoldOnTheOtherServerAfterItsNextLook() throws Exception {
    try (Fixture one = server("one", NEVER);
        Fixture two = server("two", NEVER)) {
      promote(one, 1);
      assertEquals("1", answering(one));
      assertEquals("2", answering(two), "the newest, as before");
      look(two);
      assertEquals("1", answering(two));
      promote(two, 2);
      look(one);
      assertEquals("2", answering(one));
      rollback(one);
      look(two);
      assertEquals("1", answering(two));
    }
  }

  @Test
  void whatIsNotThereYetDoesNotAnswerUntilItIs() throws Exception {
    Path third = model.resolve("3");
    try (Fixture one = server("one", NEVER);
        Fixture two = server("two", NEVER)) {
      promote(one, 1);
      look(two);
      Fixture.bundle(third, 3);
      promote(one, 3);
      Path elsewhere = temp.resolve("elsewhere");
      Files.move(third, elsewhere);
      look(two);
      assertEquals("1", answering(two));
      Files.move(elsewhere, third);
      look(two);
      assertEquals("3", answering(two));
    }
  }

  @Test
  void aServerLooksByItself() throws Exception {
    try (Fixture one = server("one", NEVER);
        Fixture two = server("two", 1)) {
      promote(one, 1);
      while (!answering(two).equals("1")) {
        Thread.onSpinWait();
      }
    }
  }
}
