package dev.graft.cli;

import dev.graft.bundle.Bundle;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a weight file, a base or a bundle holds. */
@Command(
    name = "inspect",
    description = "List the tensors of a weight file or folder; nothing in it is executed.",
    footer = "%nExample: graft inspect models/resnet20/model.safetensors",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Parameters(paramLabel = "FILE|DIR", description = "Weight file, base folder or bundle.")
  private Path path;

  @Override
  public Integer call() throws IOException {
    Weights weights = Bundle.isAt(path) ? Bundle.open(path).stored() : Weights.open(path);
    List<Map<String, Object>> tensors = weights.names().stream().map(n -> row(weights, n)).toList();
    List<String> broken = weights.nonFinite();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("path", path.toString());
    result.put("bytes", weights.byteSize());
    result.put("digest", weights.digest());
    result.put("metadata", weights.metadata());
    result.put("nonFinite", broken);
    result.put("tensors", tensors);
    output.print(
        result,
        out -> {
          tensors.forEach(
              row ->
                  out.println(
                      String.format(
                          Locale.ROOT,
                          "%-8s %-22s %s",
                          row.get("dtype"),
                          row.get("shape"),
                          row.get("name"))));
          out.println(
              String.format(
                  Locale.ROOT,
                  "%d tensors, %,d bytes, sha256 %s",
                  tensors.size(),
                  weights.byteSize(),
                  weights.digest()));
          if (!broken.isEmpty()) {
            out.println("tensors with NaN or infinite values: " + broken);
          }
        });
    return 0;
  }

  private static Map<String, Object> row(Weights weights, String name) {
    StoredTensor tensor = weights.stored(name);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("dtype", tensor.dtype().code());
    row.put("shape", Arrays.toString(tensor.shape()));
    return row;
  }
}
