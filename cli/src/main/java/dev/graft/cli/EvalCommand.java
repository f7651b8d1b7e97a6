package dev.graft.cli;

import dev.graft.DataFolder;
import dev.graft.Graft;
import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.infer.Predictor;
import dev.graft.task.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates a bundle on labelled data. */
@Command(
    name = "eval",
    description = "Compute the metrics of a bundle on a part of a data folder.",
    footer = "%nExample: graft eval --bundle run/bundle --data flowers --part test",
    mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {

  private static final int BATCH = 32;

  /** The parts a source can give. */
  enum Part {
    TRAINING,
    VALIDATION,
    TEST
  }

  @Mixin private Output output;

  @Option(names = "--bundle", required = true, paramLabel = "DIR", description = "The model.")
  private Path bundle;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data folder.")
  private Path data;

  @Option(
      names = "--format",
      paramLabel = "ID",
      defaultValue = "",
      description = "Form of the data folder, where it is not recognised.")
  private String format;

  @Option(
      names = "--data-setting",
      paramLabel = "KEY=VALUE",
      description = "A setting of the data source; may be repeated.")
  private Map<String, String> dataSettings = new LinkedHashMap<>();

  @Option(
      names = "--part",
      defaultValue = "TEST",
      description = "Part of the data as the source gives it: ${COMPLETION-CANDIDATES}.")
  private Part part;

  @Override
  public Integer call() throws IOException {
    Graft graft = Graft.create();
    DataParts parts =
        DataFolder.open(data, format, new LinkedHashMap<>(dataSettings), graft.registry());
    try (Predictor predictor = graft.predictor(bundle)) {
      Dataset chosen = chosen(parts);
      if (!chosen.classes().equals(predictor.task().labels())) {
        throw new IOException(
            "the data have the classes %s, the bundle knows %s"
                .formatted(chosen.classes(), predictor.task().labels()));
      }
      Map<String, Double> metrics = metrics(predictor, chosen);
      output.print(
          Map.of("metrics", metrics, "examples", chosen.size()),
          out ->
              metrics.forEach(
                  (id, figure) ->
                      out.println(String.format(Locale.ROOT, "%-10s %8.4f", id, figure))));
    }
    return 0;
  }

  private Dataset chosen(DataParts parts) throws IOException {
    return switch (part) {
      case TRAINING -> parts.training();
      case VALIDATION ->
          parts.validation().orElseThrow(() -> new IOException("the data have no validation part"));
      case TEST ->
          parts
              .test()
              .orElseThrow(
                  () -> new IOException("the data have no test part; choose --part training"));
    };
  }

  private static Map<String, Double> metrics(Predictor predictor, Dataset data) throws IOException {
    double[][] scores = new double[data.size()][];
    double[] targets = new double[data.size()];
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      targets[i] = data.target(i);
      batch.add(data.load(i));
      if (batch.size() == BATCH || i == data.size() - 1) {
        double[][] rows = predictor.scores(batch);
        System.arraycopy(rows, 0, scores, i + 1 - rows.length, rows.length);
        batch.clear();
      }
    }
    Map<String, Double> result = new LinkedHashMap<>();
    for (Metric metric : predictor.task().metrics()) {
      result.put(metric.id(), metric.compute(scores, targets));
    }
    return result;
  }
}
