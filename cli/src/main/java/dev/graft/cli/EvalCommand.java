package dev.graft.cli;

import dev.graft.DataFolder;
import dev.graft.Graft;
import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.infer.EvaluationResult;
import dev.graft.infer.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
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

  /** The parts a source can give. */
  enum Part {
    TRAINING,
    VALIDATION,
    TEST
  }

  @Mixin private Output output;

  @Mixin private Opened model;

  @Mixin private DataOptions data;

  @Option(
      names = "--part",
      defaultValue = "TEST",
      description = "Part of the data as the source gives it: ${COMPLETION-CANDIDATES}.")
  private Part part;

  @Override
  public Integer call() throws IOException {
    Graft graft = Graft.create();
    DataParts parts =
        DataFolder.open(data.folder(), data.format(), data.settings(), graft.registry());
    Dataset chosen = chosen(parts);
    try (Predictor predictor = model.predictor(graft)) {
      EvaluationResult result = predictor.evaluate(chosen);
      output.print(
          Map.of(
              "metrics",
              result.metrics(),
              "examples",
              result.evaluation().indices().length,
              "skipped",
              result.skipped()),
          out -> print(out, result));
    }
    return 0;
  }

  private static void print(PrintWriter out, EvaluationResult result) {
    result
        .metrics()
        .forEach((id, value) -> out.println(String.format(Locale.ROOT, "%-17s %8.4f", id, value)));
    out.println("examples          " + result.evaluation().indices().length);
    if (!result.skipped().isEmpty()) {
      out.println("not readable      " + result.skipped());
    }
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
}
