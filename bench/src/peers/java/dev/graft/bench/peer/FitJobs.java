package dev.graft.bench.peer;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Small trainings that a server is asked for, one after the other; none may be lost. */
final class FitJobs {

  private final HttpClient http = HttpClient.newHttpClient();
  private final String server;
  private final JsonObject transfer;
  private int started;
  private int awaited;
  private String trouble = "";

  /**
   * Jobs of a server on this machine.
   *
   * @param base its name says which base
   * @param data its name says which data set
   */
  FitJobs(int port, Path base, Path data) {
    server = "http://127.0.0.1:%d/graft/v1/".formatted(port);
    transfer =
        new JsonObject()
            .put("base", base.getFileName().toString())
            .put("data", data.getFileName().toString())
            .put("methods", "lora:epochs=1");
  }

  /** Trains until the time is over as {@link System#nanoTime()} has it, and awaits the last one. */
  void train(long end) {
    try {
      while (System.nanoTime() < end) {
        JsonObject job = new JsonObject(ask("Fit", new JsonObject().put("transfer", transfer)));
        started++;
        String events = ask("Watch", new JsonObject().put("job", job.getString("id")));
        awaited += events.contains("\"ended\"") ? 1 : 0;
      }
    } catch (IOException e) {
      trouble = e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String ask(String call, JsonObject message) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + call))
            .POST(HttpRequest.BodyPublishers.ofString(message.encode()))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(call + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /**
   * What became of the jobs, for a person.
   *
   * @throws IllegalStateException if a call failed, or the server does not know each job that was
   *     started as one that succeeded, or did not tell its end
   */
  String outcome() throws IOException, InterruptedException {
    JsonObject jobs = new JsonObject(ask("ListJobs", new JsonObject()));
    Map<String, Long> states =
        jobs.getJsonArray("jobs").stream()
            .map(job -> ((JsonObject) job).getString("state"))
            .collect(Collectors.groupingBy(s -> s, TreeMap::new, Collectors.counting()));
    String outcome =
        "%d jobs started, %d awaited, %s %s".formatted(started, awaited, states, trouble).strip();
    if (!trouble.isEmpty() || awaited != started || !states.equals(Map.of("SUCCEEDED", (long) started))) {
      throw new IllegalStateException(outcome + "; each must have succeeded");
    }
    return outcome;
  }
}
