package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.transfer.FitRequest;
import dev.graft.server.protocol.transfer.Job;
import dev.graft.server.protocol.transfer.ListJobsRequest;
import dev.graft.server.protocol.transfer.ListJobsResponse;
import dev.graft.server.protocol.transfer.PromoteRequest;
import dev.graft.server.protocol.transfer.Promotion;
import dev.graft.server.protocol.transfer.RankRequest;
import dev.graft.server.protocol.transfer.RankResponse;
import dev.graft.server.protocol.transfer.RollbackRequest;
import dev.graft.server.protocol.transfer.Transfer;
import dev.graft.server.protocol.transfer.WatchResponse;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that trains on photographs of flowers and is killed meanwhile. */
@Timeout(900)
class ServeCommandTest {

  private static final String BASE = "mobilenet_v1_0.25_128-imagenet";
  private static final String SMALL = "resnet20-cifar10";
  private static final String DATA = "flowers-128";
  private static final String MODEL = "flowers";
  private static final List<String> CLASSES =
      List.of("daisy", "dandelion", "roses", "sunflowers", "tulips");
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path temp;

  private ServedProcess serve() throws IOException {
    return ServedProcess.start(
        List.of(
            "--models",
            Files.createDirectories(temp.resolve("models")).toString(),
            "--keep-jobs",
            "20",
            "--bases",
            SharedFolder.require("models").toString(),
            "--data",
            SharedFolder.require("data").toString(),
            "--jobs",
            temp.resolve("jobs").toString()));
  }

  private static Job fit(ServedProcess server, String methods) throws Exception {
    FitRequest request =
        FitRequest.newBuilder()
            .setTransfer(
                Transfer.newBuilder()
                    .setBase(BASE)
                    .setData(DATA)
                    .setMethods(methods)
                    .setPerClass(10)
                    .setSeed(5))
            .build();
    return server.transfer("Fit", request, Job.getDefaultInstance());
  }

  private static boolean isEpoch(WatchResponse event, int atLeast) {
    return event.hasEpochEnded() && event.getEpochEnded().getEpoch() >= atLeast;
  }

  private static Job.State end(List<WatchResponse> heard) {
    return heard.get(heard.size() - 1).getEnded().getState();
  }

  private static Promotion promote(ServedProcess server, Job job) throws Exception {
    return server.transfer(
        "Promote",
        PromoteRequest.newBuilder().setModel(MODEL).setJob(job.getId()).build(),
        Promotion.getDefaultInstance());
  }

  /** The process of a job, as its record says. */
  private ProcessHandle process(Job job) throws IOException {
    Path record = temp.resolve("jobs").resolve(job.getId()).resolve("job.json");
    JsonNode json = JsonMapper.builder().build().readTree(record.toFile());
    return ProcessHandle.of(json.path("status").path("process").path("pid").asLong()).orElseThrow();
  }

  private Path bundle(Job job) {
    return temp.resolve("jobs").resolve(job.getId()).resolve("run").resolve("bundle");
  }

  @Test
  void trainsThroughTheDeathOfTheServerAndAnswersAsPredictDoes() throws Exception {
    Job first;
    Job second;
    try (ServedProcess server = serve()) {
      first = fit(server, "linear-probe");
      assertEquals(Job.State.SUCCEEDED, end(server.watch(first.getId(), WatchResponse::hasEnded)));
      assertEquals(1, promote(server, first).getVersion());
      second = fit(server, "fine-tune:epochs=25");
      var unused = server.watch(second.getId(), event -> isEpoch(event, 2));
      server.kill();
    }
    ProcessHandle worker = process(second);
    assertTrue(worker.isAlive(), "the job outlives the server");
    try (ServedProcess server = serve()) {
      assertEquals(worker, process(second), "it was found, not started again");
      var unused = server.watch(second.getId(), event -> isEpoch(event, 4));
      server.kill();
      assertTrue(worker.destroyForcibly());
      var unusedToo = worker.onExit().get();
    }
    try (ServedProcess server = serve()) {
      // The server is there before it has started the job again.
      var unused =
          server.watch(
              second.getId(),
              event -> event.hasRunStarted() && event.getRunStarted().getResumedAt() > 0);
      assertNotEquals(worker, process(second));
      List<WatchResponse> heard = server.watch(second.getId(), WatchResponse::hasEnded);
      assertEquals(Job.State.SUCCEEDED, end(heard));
      List<Long> starts =
          heard.stream()
              .filter(WatchResponse::hasRunStarted)
              .map(event -> event.getRunStarted().getResumedAt())
              .toList();
      assertEquals(2, starts.size());
      assertEquals(0, starts.get(0));
      assertTrue(starts.get(1) > 0, "it went on from a snapshot: " + starts);

      Promotion promotion = promote(server, second);
      assertEquals(2, promotion.getVersion());
      assertEquals(1, promotion.getPreviousVersion());
      assertAnswersLike(server, "2", bundle(second));
      Promotion back =
          server.transfer(
              "Rollback",
              RollbackRequest.newBuilder().setModel(MODEL).build(),
              Promotion.getDefaultInstance());
      assertEquals(1, back.getVersion());
      assertAnswersLike(server, "1", bundle(first));
    }
  }

  private static void assertAnswersLike(ServedProcess server, String version, Path bundle)
      throws Exception {
    List<Path> images;
    try (Stream<Path> all =
        Files.list(SharedFolder.require("data/" + DATA).resolve("test").resolve("roses"))) {
      images = all.sorted().limit(4).toList();
    }
    List<ByteString> contents = new ArrayList<>();
    for (Path image : images) {
      contents.add(ByteString.copyFrom(Files.readAllBytes(image)));
    }
    ModelInferResponse response = server.infer(MODEL, contents);
    assertEquals(version, response.getModelVersion());
    List<Float> scores = response.getOutputs(0).getContents().getFp32ContentsList();
    Ran predicted =
        Ran.graft(
            Stream.concat(Stream.of("predict", "--json", "--bundle", bundle), images.stream())
                .toArray());
    assertEquals(0, predicted.code(), predicted.err());
    for (int i = 0; i < images.size(); i++) {
      JsonNode top = predicted.json().path("predictions").get(i).path("top");
      assertEquals(CLASSES.size(), top.size());
      for (JsonNode candidate : top) {
        int label = CLASSES.indexOf(candidate.path("label").asText());
        assertEquals(
            candidate.path("probability").asDouble(),
            scores.get(i * CLASSES.size() + label),
            TOLERANCE);
      }
    }
  }

  @Test
  void ranksBasesByWhatALinearHeadMakesOfThem() throws Exception {
    try (ServedProcess server = serve()) {
      RankResponse ranked =
          server.transfer(
              "Rank",
              RankRequest.newBuilder()
                  .addBases(SMALL)
                  .addBases(BASE)
                  .setData(DATA)
                  .setPerClass(20)
                  .build(),
              RankResponse.getDefaultInstance());
      assertEquals(BASE, ranked.getBases(0).getBase());
      assertEquals(SMALL, ranked.getBases(1).getBase());
      assertEquals("accuracy", ranked.getBases(0).getMetric());
      assertTrue(ranked.getBases(0).getValue() > ranked.getBases(1).getValue(), ranked::toString);
      ListJobsResponse jobs =
          server.transfer(
              "ListJobs",
              ListJobsRequest.getDefaultInstance(),
              ListJobsResponse.getDefaultInstance());
      assertEquals(0, jobs.getJobsCount());
    }
  }
}
