package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.infer.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin private Asked asked;

  @Override
  public Integer call() throws IOException {
    try (Predictor predictor = model.predictor(Graft.create())) {
      List<Asked.Answer<float[]>> vectors = asked.answers(predictor::embedInputs, output);
      output.print(
          Map.of("embeddings", vectors.stream().map(EmbedCommand::plain).toList()),
          out -> vectors.forEach(vector -> print(out, vector)));
      return asked.status(vectors);
    }
  }

  private static Map<String, Object> plain(Asked.Answer<float[]> vector) {
    return Map.of("id", vector.input(), "embedding", vector.is());
  }

  private static void print(PrintWriter out, Asked.Answer<float[]> vector) {
    String numbers =
        IntStream.range(0, vector.is().length)
            .mapToObj(k -> Float.toString(vector.is()[k]))
            .collect(Collectors.joining("\t"));
    out.println(vector.input() + "\t" + numbers);
  }
}
