package dev.graft.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the page about a run shows, in plain values; {@link ReportPage} renders it.
 *
 * @param names what was done to what
 * @param result figures of the run
 * @param measures metrics in the order of the task; the first one selected the weights
 * @param test what the test part showed; empty without one
 * @param others what the test parts of further tasks showed, by name of the task
 * @param parts counts of examples by part
 * @param base where the model comes from
 * @param plan the plan as plain text
 * @param environment versions and libraries by name
 * @param created time of writing, ISO 8601, UTC
 */
public record Report(
    Names names,
    TrainResult result,
    List<Measure> measures,
    Optional<TestOutcome> test,
    Map<String, TestOutcome> others,
    List<PartCount> parts,
    BaseCard base,
    String plan,
    Map<String, String> environment,
    String created) {

  /**
   * What was done to what, in names.
   *
   * @param data name of the data
   * @param task id of the task
   * @param methods ids of the methods, in order
   * @param seed all randomness of the run derives from it
   */
  public record Names(String data, String task, List<String> methods, long seed) {

    public Names {
      methods = List.copyOf(methods);
    }
  }

  /**
   * A metric of the task.
   *
   * @param id for example {@code accuracy}
   * @param higherIsBetter true if more is better
   */
  public record Measure(String id, boolean higherIsBetter) {}

  public Report {
    measures = List.copyOf(measures);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    parts = List.copyOf(parts);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    if (measures.isEmpty()) {
      throw new IllegalArgumentException("a report needs the metric that selected the weights");
    }
  }

  /** The metric that selected the weights. */
  public Measure selector() {
    return measures.get(0);
  }

  /** The epoch whose weights were returned; empty if nothing was trained. */
  public Optional<EpochRecord> kept() {
    return result.kept() < 0 ? Optional.empty() : Optional.of(result.history().get(result.kept()));
  }
}
