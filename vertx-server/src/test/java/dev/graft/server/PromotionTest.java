package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.jobs.FakeGraft;
import dev.graft.server.jobs.Retention;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.RepositoryModelLoadRequest;
import dev.graft.server.protocol.RepositoryModelLoadResponse;
import dev.graft.server.protocol.transfer.FitRequest;
import dev.graft.server.protocol.transfer.Job;
import dev.graft.server.protocol.transfer.PromoteRequest;
import dev.graft.server.protocol.transfer.Promotion;
import dev.graft.server.protocol.transfer.RollbackRequest;
import dev.graft.server.protocol.transfer.Transfer;
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.registry.DatabaseOptions;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which version answers, through promotions, rollbacks and starts of the server. */
@Timeout(300)
class PromotionTest {

  private static final Promotion PROMOTION = Promotion.getDefaultInstance();

  @TempDir private Path temp;
  private ServerOptions options;

  @BeforeEach
  void folders() throws Exception {
    Files.createDirectories(temp.resolve("models"));
    Path set = Files.createDirectories(temp.resolve("data").resolve("set"));
    for (String base : List.of("one", "two")) {
      Files.createDirectories(temp.resolve("bases").resolve(base));
      Fixture.bundle(set.resolve(base), base.length() + base.charAt(0));
    }
    options =
        ServerOptions.of(temp.resolve("models"))
            .withTraining(
                TrainingOptions.of(
                    temp.resolve("bases"),
                    temp.resolve("data"),
                    temp.resolve("jobs"),
                    FakeGraft.command()));
  }

  @Test
  void aVersionStaysWhenItsJobIsDeleted() throws Exception {
    TrainingOptions training = options.training().orElseThrow();
    try (Fixture fixture =
        new Fixture(options.withTraining(training.withRetention(new Retention(1, 1))))) {
      String first = fit(fixture, "one");
      var unused = promote(fixture, job("pictures", first));
      var next = fit(fixture, "two");
      assertTrue(Files.notExists(temp.resolve("jobs").resolve(first)), next);
      assertEquals("1", answer(fixture, "pictures").getModelVersion());
      refused(fixture, GrpcStatus.NOT_FOUND, job("pictures", first));
      assertEquals("1", answer(fixture, "pictures").getModelVersion());
    }
  }

  @Test
  void aJobWhoseBundleCannotBeLoadedLeavesNoVersion() throws Exception {
    Path manifest = temp.resolve("data").resolve("set").resolve("two").resolve("graft.json");
    Files.writeString(
        manifest,
        Files.readString(manifest).replaceFirst("(\"modality\" *: *)\"[^\"]*\"", "$1\"gone\""));
    try (Fixture fixture = new Fixture(options)) {
      String broken = fit(fixture, "two");
      refused(fixture, GrpcStatus.UNAVAILABLE, job("pictures", broken));
      Path model = temp.resolve("models").resolve("pictures");
      assertTrue(Files.notExists(model));
      assertEquals(1, promote(fixture, job("pictures", fit(fixture, "one"))).getVersion());
      refused(fixture, GrpcStatus.UNAVAILABLE, job("pictures", broken));
      assertTrue(Files.notExists(model.resolve("2")));
      assertEquals("1", answer(fixture, "pictures").getModelVersion());
    }
  }

  @Test
  void aPromotionThatTheRegistryDoesNotTakeLeavesNoVersion() throws Exception {
    Path second = temp.resolve("models").resolve("pictures").resolve("2");
    try (Fixture fixture = new Fixture(options)) {
      var unused = promote(fixture, job("pictures", fit(fixture, "one")));
      String job = fit(fixture, "two");
      database("alter table promotion add constraint no_second check (version < 2)");
      refused(fixture, GrpcStatus.INTERNAL, job("pictures", job));
      assertTrue(Files.notExists(second));
      ModelInferRequest named = Fixture.request("pictures", 0).setModelVersion("2").build();
      assertEquals(
          GrpcStatus.NOT_FOUND,
          fixture
              .refused("ModelInfer", named, ModelInferResponse.getDefaultInstance(), null)
              .status());
      assertEquals("1", answer(fixture, "pictures").getModelVersion());
      database("alter table promotion drop constraint no_second");
      assertEquals(2, promote(fixture, job("pictures", job)).getVersion());
      assertTrue(Files.exists(second));
    }
  }

  private void database(String sql) throws Exception {
    DatabaseOptions registry = options.database().orElseThrow();
    try (Connection connection =
            DriverManager.getConnection(registry.url(), registry.user(), registry.password());
        Statement statement = connection.createStatement()) {
      assertEquals(0, statement.executeUpdate(sql));
    }
  }

  private static String fit(Fixture fixture, String base) throws Exception {
    Transfer transfer = Transfer.newBuilder().setBase(base).setData("set").setMethods("ok").build();
    Job job =
        fixture.transfer(
            "Fit", FitRequest.newBuilder().setTransfer(transfer).build(), Job.getDefaultInstance());
    var unused = fixture.watch(WatchRequest.newBuilder().setJob(job.getId()).build());
    return job.getId();
  }

  private static PromoteRequest job(String model, String job) {
    return PromoteRequest.newBuilder().setModel(model).setJob(job).build();
  }

  private static PromoteRequest version(String model, int version) {
    return PromoteRequest.newBuilder().setModel(model).setVersion(version).build();
  }

  private static Promotion promote(Fixture fixture, PromoteRequest request) throws Exception {
    return fixture.transfer("Promote", request, PROMOTION);
  }

  private static Promotion rollback(Fixture fixture, String model) throws Exception {
    return fixture.transfer(
        "Rollback", RollbackRequest.newBuilder().setModel(model).build(), PROMOTION);
  }

  private static ModelInferResponse answer(Fixture fixture, String model) throws Exception {
    ModelInferRequest request = Fixture.request(model, 0).build();
    return fixture.call("ModelInfer", request, ModelInferResponse.getDefaultInstance());
  }

  @Test
  void jobsBecomeVersionsThatAnswerAndGoBack() throws Exception {
    String first;
    double[] scores;
    try (Fixture fixture = new Fixture(options)) {
      first = fit(fixture, "one");
      String second = fit(fixture, "two");
      Promotion promoted = promote(fixture, job("pictures", first));
      assertEquals(1, promoted.getVersion());
      assertEquals(0, promoted.getPreviousVersion());
      scores = scores(answer(fixture, "pictures"));
      promoted = promote(fixture, job("pictures", second));
      assertEquals(2, promoted.getVersion());
      assertEquals(1, promoted.getPreviousVersion());
      assertEquals("2", answer(fixture, "pictures").getModelVersion());
      assertEquals(promoted, promote(fixture, job("pictures", second)), "once more");
      Promotion back = rollback(fixture, "pictures");
      assertEquals(1, back.getVersion());
      assertEquals(2, back.getPreviousVersion());
      assertArrayEquals(scores, scores(answer(fixture, "pictures")), 1e-5);
      refused(fixture, GrpcStatus.FAILED_PRECONDITION, "Rollback", "pictures");
    }
    try (Fixture again = new Fixture(options)) {
      assertEquals("1", answer(again, "pictures").getModelVersion(), "not the newest");
      assertArrayEquals(scores, scores(answer(again, "pictures")), 1e-5);
      assertEquals(2, promote(again, version("pictures", 2)).getVersion());
      assertEquals("2", answer(again, "pictures").getModelVersion());
    }
  }

  private static double[] scores(ModelInferResponse response) {
    return response.getOutputs(0).getContents().getFp32ContentsList().stream()
        .mapToDouble(Float::doubleValue)
        .toArray();
  }

  private static void refused(Fixture fixture, GrpcStatus status, String method, String model) {
    RollbackRequest request = RollbackRequest.newBuilder().setModel(model).build();
    assertEquals(status, fixture.refusedTransfer(method, request, PROMOTION, null).status());
  }

  private static void refused(Fixture fixture, GrpcStatus status, PromoteRequest request) {
    assertEquals(status, fixture.refusedTransfer("Promote", request, PROMOTION, null).status());
  }

  @Test
  void whatAnsweredBeforeTheFirstPromotionIsNotLost() throws Exception {
    Fixture.bundle(temp.resolve("models").resolve("pictures").resolve("3"), 7);
    try (Fixture fixture = new Fixture(options)) {
      Promotion promoted = promote(fixture, job("pictures", fit(fixture, "one")));
      assertEquals(4, promoted.getVersion());
      assertEquals(3, promoted.getPreviousVersion());
      assertEquals(3, rollback(fixture, "pictures").getVersion());
      assertEquals("3", answer(fixture, "pictures").getModelVersion());
    }
  }

  @Test
  void aVersionThatWasRegisteredIsNotLoadedWithOtherContent() throws Exception {
    try (Fixture fixture = new Fixture(options)) {
      var unused = promote(fixture, job("pictures", fit(fixture, "one")));
    }
    Fixture.bundle(temp.resolve("models").resolve("pictures").resolve("1"), 99);
    try (Fixture fixture = new Fixture(options)) {
      assertEquals(
          GrpcStatus.UNAVAILABLE,
          fixture
              .refused(
                  "RepositoryModelLoad",
                  RepositoryModelLoadRequest.newBuilder().setModelName("pictures").build(),
                  RepositoryModelLoadResponse.getDefaultInstance(),
                  null)
              .status());
      refused(fixture, GrpcStatus.UNAVAILABLE, version("pictures", 1));
    }
  }

  @Test
  void nothingElseAnswersForAPromotedVersionThatIsGone() throws Exception {
    try (Fixture fixture = new Fixture(options)) {
      var one = promote(fixture, job("pictures", fit(fixture, "one")));
      var two = promote(fixture, job("pictures", fit(fixture, "two")));
      assertEquals(one.getVersion(), rollback(fixture, "pictures").getVersion());
      assertEquals(one.getVersion() + 1, two.getVersion());
    }
    Path models = temp.resolve("models").resolve("pictures");
    Files.move(models.resolve("1"), temp.resolve("moved"));
    try (Fixture fixture = new Fixture(options)) {
      ExecutionException refused =
          assertThrows(ExecutionException.class, () -> answer(fixture, "pictures"));
      assertEquals(
          GrpcStatus.UNAVAILABLE,
          assertInstanceOf(StatusException.class, refused.getCause()).status());
    }
  }

  @Test
  void whatCannotAnswerIsNotPromoted() throws Exception {
    Fixture.bundle(temp.resolve("models").resolve("plain"), 7);
    Path broken = Files.createDirectories(temp.resolve("models").resolve("broken").resolve("1"));
    Files.writeString(broken.resolve("graft.json"), "{}");
    try (Fixture fixture = new Fixture(options)) {
      String job = fit(fixture, "one");
      refused(fixture, GrpcStatus.FAILED_PRECONDITION, job("plain", job));
      refused(fixture, GrpcStatus.INVALID_ARGUMENT, job("../plain", job));
      refused(fixture, GrpcStatus.NOT_FOUND, job("pictures", "job-00000099"));
      refused(fixture, GrpcStatus.NOT_FOUND, version("pictures", 1));
      refused(fixture, GrpcStatus.UNAVAILABLE, version("broken", 1));
      refused(
          fixture,
          GrpcStatus.INVALID_ARGUMENT,
          PromoteRequest.newBuilder().setModel("pictures").build());
      assertTrue(Files.notExists(temp.resolve("models").resolve("pictures")));
    }
  }
}
