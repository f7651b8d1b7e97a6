package dev.graft.testkit.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.HostTensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenFill;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the inputs of a reference file: values where they are given, else the fill formula. */
final class Inputs {

  private static final Pattern FILL =
      Pattern.compile("NAME \"([^\"]+)\", \\(2v-1\\)\\*([0-9.]+) rounded to float32");

  private Inputs() {}

  /** A tensor of 32-bit floats from {@code values} or {@code fill}, with {@code shape}. */
  static HostTensor floats(JsonNode input) {
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

  /** Numbers from a bare list or from {@code values}. */
  static double[] numbers(JsonNode input) {
    return Comparison.flatten(input.isArray() ? input : input.path("values"));
  }
}
