package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Predicts with a bundle. */
@Command(
    name = "predict",
    description = "Predict for files, or for texts as they are typed, with a bundle.",
    footer = {
      "%nExample: graft predict --bundle run/bundle --top 3 rose.jpg",
      "         graft predict --bundle run/bundle \"what a fine film\""
    },
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Mixin private Opened model;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "5",
      description = "Labels per input, most probable first. Default: ${DEFAULT-VALUE}.")
  private int top;

  @Mixin private Asked asked;

  @Override
  public Integer call() throws IOException {
    try (Predictor predictor = model.predictor(Graft.create())) {
      List<Prediction> predictions =
          asked.answers(inputs -> predictor.predictInputs(inputs, top), output).stream()
              .map(Asked.Answer::is)
              .toList();
      output.print(
          Map.of("predictions", predictions.stream().map(PredictCommand::plain).toList()),
          out -> predictions.forEach(p -> print(out, p)));
      return asked.status(predictions);
    }
  }

  private static Map<String, Object> plain(Prediction prediction) {
    Map<String, Object> plain = new LinkedHashMap<>(Map.of("id", prediction.id()));
    if (!prediction.top().isEmpty()) {
      plain.put("top", prediction.top());
    } else if (!Double.isNaN(prediction.value())) {
      plain.put("value", prediction.value());
    } else {
      plain.put("spans", prediction.spans());
    }
    return plain;
  }

  private static void print(PrintWriter out, Prediction prediction) {
    out.println(prediction.id());
    if (!Double.isNaN(prediction.value())) {
      out.println(String.format(Locale.ROOT, "  %s", prediction.value()));
    }
    for (Prediction.Candidate candidate : prediction.top()) {
      out.println("  " + percent(candidate.probability()) + "  " + candidate.label());
    }
    for (Prediction.Span span : prediction.spans()) {
      out.println("  %s  %s: %s".formatted(percent(span.probability()), span.label(), span.text()));
    }
  }

  private static String percent(double probability) {
    return String.format(Locale.ROOT, "%6.2f %%", 100 * probability);
  }
}
