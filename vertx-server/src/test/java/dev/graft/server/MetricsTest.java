package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.infer.PredictorOptions;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.InferStatistics;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelStatisticsRequest;
import dev.graft.server.protocol.ModelStatisticsResponse;
import dev.graft.server.protocol.StatisticDuration;
import io.vertx.grpc.common.GrpcStatus;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is counted after calls that are known. */
@Timeout(120)
class MetricsTest {

  private static final ModelInferResponse FORM = ModelInferResponse.getDefaultInstance();
  private static final String PICTURES = "{model=\"pictures\",version=\"1\"}";

  @TempDir private Path temp;

  private static Map<String, Double> metrics(Fixture fixture) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(fixture.uri("/metrics")).build();
    String text =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf(' ')),
                line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
  }

  /** Asks until a number is there, and all others with it. */
  private static Map<String, Double> until(Fixture fixture, String name, double value)
      throws Exception {
    Map<String, Double> metrics = metrics(fixture);
    while (!metrics.getOrDefault(name, -1.0).equals(value)) {
      Thread.onSpinWait();
      metrics = metrics(fixture);
    }
    return metrics;
  }

  private static Fixture.Call<ModelInferResponse> begin(Fixture fixture, int... pictures)
      throws Exception {
    return fixture.begin("ModelInfer", Fixture.request("pictures", pictures).build(), FORM);
  }

  private static void refused(Fixture fixture, GrpcStatus status, ModelInferRequest request) {
    assertEquals(status, fixture.refused("ModelInfer", request, FORM, null).status());
  }

  /** Batches of four that wait until they are full; six inputs may be within. */
  @Test
  void everyRequestIsCountedUnderWhatBecameOfIt() throws Exception {
    Path models = temp.resolve("models");
    Fixture.bundle(models.resolve("pictures"), 1);
    PredictorOptions predicting =
        PredictorOptions.defaults().withBatch(4, Duration.ofDays(1)).withCapacity(6);
    ModelOptions options = ModelOptions.of(models).withPredicting(predicting);
    try (Fixture fixture = new Fixture(ServerOptions.of(models).withModels(options))) {
      var first = begin(fixture, 0);
      Fixture.await(begin(fixture, 1, 2, 3).answer());
      Fixture.await(first.answer());
      String pending = "nv_inference_pending_request_count" + PICTURES;
      var waiting = begin(fixture, 0, 1, 2);
      assertEquals(2.0, until(fixture, pending, 3).get("nv_inference_request_success" + PICTURES));
      ModelInferRequest.Builder four = Fixture.request("pictures", 0, 1, 2, 3);
      refused(fixture, GrpcStatus.RESOURCE_EXHAUSTED, four.build());
      waiting.cancel();
      var unused = until(fixture, "graft_requests_cancelled_total" + PICTURES, 1);
      InferParameter microsecond = InferParameter.newBuilder().setInt64Param(1).build();
      ModelInferRequest.Builder one = Fixture.request("pictures", 0);
      refused(
          fixture,
          GrpcStatus.DEADLINE_EXCEEDED,
          one.clone().putParameters("timeout", microsecond).build());
      one.addOutputsBuilder().setName("made up");
      refused(fixture, GrpcStatus.INVALID_ARGUMENT, one.build());

      Map<String, Double> metrics = metrics(fixture);
      Map<String, Double> expected =
          Map.of(
              "nv_inference_pending_request_count", 0.0,
              "nv_inference_request_success", 2.0,
              "nv_inference_request_failure", 4.0,
              "nv_inference_count", 4.0,
              "nv_inference_exec_count", 1.0,
              "graft_requests_shed_total", 1.0,
              "graft_requests_cancelled_total", 1.0,
              "graft_requests_expired_total", 1.0);
      expected.forEach((name, value) -> assertEquals(value, metrics.get(name + PICTURES), name));
      assertEquals(0, metrics.get("graft_batch_size_bucket{model=\"pictures\",le=\"2.0\"}"));
      assertEquals(1, metrics.get("graft_batch_size_bucket{model=\"pictures\",le=\"4.0\"}"));
      assertEquals(1, metrics.get("graft_batch_size_count{model=\"pictures\"}"));
      assertEquals(4, metrics.get("graft_batch_size_sum{model=\"pictures\"}"));
      assertTrue(metrics.get("graft_native_bytes") > 0);
      assertTimes(fixture, metrics);
    }
  }

  private static void assertTimes(Fixture fixture, Map<String, Double> metrics) throws Exception {
    InferStatistics statistics =
        fixture
            .call(
                "ModelStatistics",
                ModelStatisticsRequest.newBuilder().setName("pictures").build(),
                ModelStatisticsResponse.getDefaultInstance())
            .getModelStats(0)
            .getInferenceStats();
    assertEquals(4, statistics.getFail().getCount());
    Map<String, StatisticDuration> durations =
        Map.of(
            "request", statistics.getSuccess(),
            "queue", statistics.getQueue(),
            "compute_input", statistics.getComputeInput(),
            "compute_infer", statistics.getComputeInfer());
    durations.forEach(
        (name, duration) -> {
          assertEquals(2, duration.getCount(), name);
          assertTrue(
              0 < duration.getNs() && duration.getNs() <= statistics.getSuccess().getNs(), name);
          assertEquals(
              duration.getNs() / 1e3,
              metrics.get("nv_inference_" + name + "_duration_us" + PICTURES),
              name);
        });
  }

  @Test
  void adaptersAreCountedAsTheyComeAndGo() throws Exception {
    Path base = temp.resolve("base");
    Path models = temp.resolve("models");
    Fixture.bundle(base, 1);
    for (String name : List.of("one", "three", "two")) {
      Fixture.changes(models.resolve(name), base, name.length());
    }
    PredictorOptions predicting = PredictorOptions.defaults().withBatch(1, Duration.ZERO);
    ModelOptions options =
        ModelOptions.of(models).withPredicting(predicting).withBases(List.of(base), 2);
    try (Fixture fixture = new Fixture(ServerOptions.of(models).withModels(options))) {
      assertAdapters(metrics(fixture), 3, 1);
      for (String name : List.of("one", "two")) {
        fixture.call("ModelInfer", Fixture.request(name, 0).build(), FORM);
      }
      Map<String, Double> metrics = metrics(fixture);
      assertAdapters(metrics, 4, 2);
      assertEquals(2, metrics.get("graft_batch_size_count{model=\"base\"}"));
    }
  }

  private static void assertAdapters(Map<String, Double> metrics, double loaded, double evicted) {
    assertEquals(2, metrics.get("graft_adapters_resident"));
    assertEquals(loaded, metrics.get("graft_adapters_loaded_total"));
    assertEquals(evicted, metrics.get("graft_adapters_evicted_total"));
  }
}
