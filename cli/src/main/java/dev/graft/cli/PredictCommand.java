package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

  @Parameters(
      arity = "1..*",
      paramLabel = "INPUT",
      description = "Files; where the model reads texts, also texts.")
  private List<String> inputs;

  @Override
  public Integer call() throws IOException {
    try (Predictor predictor = model.predictor(Graft.create())) {
      List<Prediction> predictions = predictAll(predictor);
      output.print(
          Map.of("predictions", predictions.stream().map(PredictCommand::plain).toList()),
          out -> predictions.forEach(p -> print(out, p)));
      return predictions.size() == inputs.size() ? 0 : Main.REFUSED;
    }
  }

  /** Inputs that cannot be read are named; the others are answered all the same. */
  private List<Prediction> predictAll(Predictor predictor) {
    try {
      return predictor.predictInputs(inputs, top);
    } catch (IOException someOfThem) {
      List<Prediction> predictions = new ArrayList<>();
      for (String input : inputs) {
        try {
          predictions.addAll(predictor.predictInputs(List.of(input), top));
        } catch (IOException e) {
          output.say("graft: " + Main.oneLine(e));
        }
      }
      return predictions;
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
