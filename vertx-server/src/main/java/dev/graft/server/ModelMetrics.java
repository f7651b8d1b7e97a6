package dev.graft.server;

import dev.graft.server.operations.ServerMetrics;
import dev.graft.tensor.NativeMemory;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What models have answered, as text for Prometheus under the names that dashboards for Triton
 * know. Those of its figures that nobody counts here are left out. Written by hand, because these
 * names of counters do not end as Prometheus' own library wants them to.
 */
final class ModelMetrics {

  private record Family(
      String name, String type, String help, ToDoubleFunction<ServedModel.Counts> value) {

    static Family counter(String name, String help, ToDoubleFunction<ServedModel.Counts> value) {
      return new Family(name, "counter", help, value);
    }
  }

  private static final List<Family> FAMILIES =
      List.of(
          new Family(
              "nv_inference_pending_request_count",
              "gauge",
              "Number of inputs that are decoded, wait or are computed",
              counts -> counts.pending()),
          Family.counter(
              "nv_inference_request_success",
              "Number of requests that were answered",
              counts -> counts.succeeded()),
          Family.counter(
              "nv_inference_request_failure",
              "Number of requests that were not answered",
              counts -> counts.failed()),
          Family.counter(
              "nv_inference_count", "Number of inputs predicted for", counts -> counts.examples()),
          Family.counter(
              "nv_inference_exec_count",
              "Number of batches that inputs were computed in",
              counts -> counts.batches()),
          Family.counter(
              "nv_inference_request_duration_us",
              "Microseconds from the arrival of requests to their answers",
              counts -> counts.succeededNanos() / 1e3),
          Family.counter(
              "nv_inference_compute_input_duration_us",
              "Microseconds from the arrival of requests until their inputs were decoded",
              counts -> counts.inputNanos() / 1e3),
          Family.counter(
              "nv_inference_queue_duration_us",
              "Microseconds for which decoded requests waited to be computed",
              counts -> counts.queueNanos() / 1e3),
          Family.counter(
              "nv_inference_compute_infer_duration_us",
              "Microseconds for which requests were computed",
              counts -> counts.inferNanos() / 1e3),
          Family.counter(
              "graft_requests_shed_total",
              "Number of requests that were refused because too many inputs waited",
              counts -> counts.shed()),
          Family.counter(
              "graft_requests_cancelled_total",
              "Number of requests whose clients did not wait for the answer",
              counts -> counts.cancelled()),
          Family.counter(
              "graft_requests_expired_total",
              "Number of requests that had no answer before their deadline",
              counts -> counts.expired()));

  private ModelMetrics() {}

  /** Lets the library tell what is of no single model. */
  static void tell(ServerMetrics metrics, ModelRepository models) {
    metrics.gauge("graft.adapters.resident", models, all -> Residents.of(all.loaded()).size());
    metrics.counter("graft.adapters.loaded", models.residents(), Residents::loaded);
    metrics.counter("graft.adapters.evicted", models.residents(), Residents::evicted);
    metrics.gauge("graft.native.bytes", models, any -> NativeMemory.usage().live());
  }

  /** The figures of all versions that are loaded. */
  static String text(List<ServedModel> models) {
    StringBuilder text = new StringBuilder();
    for (Family family : FAMILIES) {
      text.append("# HELP %s %s\n".formatted(family.name, family.help));
      text.append("# TYPE %s %s\n".formatted(family.name, family.type));
      for (ServedModel model : models) {
        text.append(
            String.format(
                Locale.ROOT,
                "%s{model=\"%s\",version=\"%s\"} %s\n",
                family.name,
                model.name(),
                model.version(),
                family.value.applyAsDouble(model.counts())));
      }
    }
    return text.toString();
  }
}
