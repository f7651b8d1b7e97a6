package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.infer.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints the vectors that a model makes of its inputs. */
@Command(
    name = "embed",
    description = {
      "Print the vector that a bundle's head reads of each input: inputs that mean the same to the"
          + " model have vectors of one direction, the more so after setfit. A line per input: its"
          + " name, then the numbers, tabs between them."
    },
    footer = "%nExample: graft embed --bundle run/bundle \"what a fine film\" \"a dull one\"",
    mixinStandardHelpOptions = true)
final class EmbedCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Mixin private Opened model;

  @Parameters(
      arity = "1..*",
      paramLabel = "INPUT",
      description = "Files; where the model reads texts, also texts.")
  private List<String> inputs;

  @Override
  public Integer call() throws IOException {
    try (Predictor predictor = model.predictor(Graft.create())) {
      List<float[]> vectors = predictor.embedInputs(inputs);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < vectors.size(); i++) {
        rows.add(Map.of("id", inputs.get(i), "embedding", vectors.get(i)));
      }
      output.print(Map.of("embeddings", rows), out -> print(out, vectors));
      return 0;
    }
  }

  private void print(PrintWriter out, List<float[]> vectors) {
    for (int i = 0; i < vectors.size(); i++) {
      float[] vector = vectors.get(i);
      String numbers =
          IntStream.range(0, vector.length)
              .mapToObj(k -> Float.toString(vector[k]))
              .collect(Collectors.joining("\t"));
      out.println(inputs.get(i) + "\t" + numbers);
    }
  }
}
