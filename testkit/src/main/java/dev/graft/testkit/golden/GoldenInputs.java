package dev.graft.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The inputs of a reference file as tensors in double precision: values where they are given, else
 * the fill formula.
 */
public final class GoldenInputs {

  private static final Pattern FILL =
      Pattern.compile("NAME \"([^\"]+)\", \\(2v-1\\)\\*([0-9.]+) rounded to float32");

  private final JsonNode json;

  /** The inputs of a case. */
  public GoldenInputs(GoldenCase golden) {
    this.json = golden.json();
  }

  /** An input (FLOAT64) that collects gradients if asked to. */
  public Tensor tensor(String name, boolean requiresGrad) {
    Tensor tensor = Tensor.of(host(json.path("inputs").path(name))).to(DType.FLOAT64);
    tensor.setRequiresGrad(requiresGrad);
    return tensor;
  }

  /** Whole numbers, (N) INT64. */
  public Tensor labels(String name) {
    double[] values = Comparison.flatten(json.path("inputs").path(name).path("values"));
    return Tensor.of(Arrays.stream(values).mapToLong(v -> (long) v).toArray(), values.length);
  }

  /** A tensor of {@code modules_filled_by_formula} by its name, FLOAT64. */
  public Tensor filled(String name, boolean requiresGrad) {
    for (JsonNode entry : json.path("modules_filled_by_formula")) {
      if (entry.get(0).asText().equals(name)) {
        long[] shape = Comparison.shape(entry.get(1));
        Tensor tensor =
            Tensor.of(GoldenFill.of(entry.get(2).asText(), name, shape)).to(DType.FLOAT64);
        tensor.setRequiresGrad(requiresGrad);
        return tensor;
      }
    }
    throw new IllegalArgumentException("no module tensor '%s' in %s".formatted(name, json));
  }

  private static HostTensor host(JsonNode input) {
    if (input.isMissingNode()) {
      throw new IllegalArgumentException("no such input");
    }
    long[] shape = Comparison.shape(input.path("shape"));
    if (input.has("values")) {
      double[] values = Comparison.flatten(input.path("values"));
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return HostTensor.of(floats, shape);
    }
    Matcher fill = FILL.matcher(input.path("fill").asText());
    if (!fill.matches()) {
      throw new IllegalArgumentException("no values and no known fill: " + input);
    }
    return GoldenFill.input(fill.group(1), Double.parseDouble(fill.group(2)), shape);
  }
}
