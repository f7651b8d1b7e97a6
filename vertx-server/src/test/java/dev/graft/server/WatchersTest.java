package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.jobs.FakeGraft;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.protocol.ServerReadyRequest;
import dev.graft.server.protocol.ServerReadyResponse;
import dev.graft.server.protocol.transfer.FitRequest;
import dev.graft.server.protocol.transfer.Job;
import dev.graft.server.protocol.transfer.Transfer;
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who watches jobs of a server, and leaves, or hears that it ends. */
@Timeout(300)
class WatchersTest {

  @TempDir private Path temp;

  /** A job's process outlives its server and writes where folders are about to be deleted. */
  @AfterEach
  void endJobs() {
    ProcessHandle.current()
        .children()
        .forEach(
            process -> {
              var unused = process.destroyForcibly();
              var unusedEnd = process.onExit().join();
            });
  }

  private ServerOptions training() throws Exception {
    Files.createDirectories(temp.resolve("bases").resolve("base"));
    Files.createDirectories(temp.resolve("data").resolve("set"));
    return ServerOptions.of(Files.createDirectories(temp.resolve("models")))
        .withTraining(
            TrainingOptions.of(
                temp.resolve("bases"),
                temp.resolve("data"),
                temp.resolve("jobs"),
                FakeGraft.command()));
  }

  /** A job that goes on until {@link #endJobs}. */
  private static Job slow(Fixture fixture) throws Exception {
    Transfer transfer =
        Transfer.newBuilder().setBase("base").setData("set").setMethods("slow").build();
    return fixture.transfer(
        "Fit", FitRequest.newBuilder().setTransfer(transfer).build(), Job.getDefaultInstance());
  }

  @Test
  void whoStopsWatchingAJobIsNotCountedAnyMore() throws Exception {
    try (Fixture fixture = new Fixture(training())) {
      String job = slow(fixture).getId();
      try (Socket watcher = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port())) {
        String body = "{\"job\": \"" + job + "\"}";
        String request =
            "POST /graft/v1/Watch HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
        watcher.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        awaitOpen(fixture, 2);
      }
      awaitOpen(fixture, 1);
    }
  }

  private static String metrics(Fixture fixture) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(fixture.uri("/metrics")).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Waits until so many calls are open, with the one that asks. */
  private static void awaitOpen(Fixture fixture, int calls) throws Exception {
    while (!metrics(fixture).contains("\ngraft_calls_open " + calls + ".0\n")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aServerThatEndsTellsThoseWhoWatch() throws Exception {
    try (Fixture fixture = new Fixture(training())) {
      Job job = slow(fixture);
      Future<List<WatchResponse>> watch =
          fixture.watching(WatchRequest.newBuilder().setJob(job.getId()).build());
      assertTrue(
          fixture
              .call(
                  "ServerReady",
                  ServerReadyRequest.getDefaultInstance(),
                  ServerReadyResponse.getDefaultInstance())
              .getReady());
      Fixture.await(fixture.vertx.undeploy(fixture.server.deploymentID()));
      ExecutionException e = assertThrows(ExecutionException.class, () -> Fixture.await(watch));
      StatusException told = assertInstanceOf(StatusException.class, e.getCause());
      assertEquals(GrpcStatus.UNAVAILABLE, told.status());
      assertTrue(told.message().contains("about to end"), told::message);
    }
  }
}
