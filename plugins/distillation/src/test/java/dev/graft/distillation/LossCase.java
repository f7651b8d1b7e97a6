package dev.graft.distillation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.Module;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFill;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Inputs of one file of reference values in double precision, and the comparison of a loss. */
public final class LossCase {

  /** What the README beside the files states for losses computed in double precision. */
  public static final double TOLERANCE = 1e-9;

  private static final Pattern FILL = Pattern.compile("NAME \"([^\"]+)\", \\(2v-1\\)\\*([0-9.]+)");

  private final GoldenCase golden;
  private final Comparison comparison;

  /** A case and what was compared of it so far. */
  public LossCase(GoldenCase golden, Comparison comparison) {
    this.golden = golden;
    this.comparison = comparison;
  }

  /** An input in double precision. */
  public Tensor input(String name) {
    JsonNode input = golden.json().path("inputs").path(name);
    long[] shape = Comparison.shape(input.path("shape"));
    Matcher fill = FILL.matcher(input.path("fill").asText());
    if (!fill.find()) {
      throw new IllegalStateException("input '%s' has no fill".formatted(name));
    }
    Tensor filled =
        Tensor.of(GoldenFill.input(fill.group(1), Double.parseDouble(fill.group(2)), shape));
    return filled.to(DType.FLOAT64);
  }

  /** An input that gradients are asked of. */
  public Tensor leaf(String name) {
    Tensor leaf = input(name);
    leaf.setRequiresGrad(true);
    return leaf;
  }

  /** An input of whole numbers. */
  public Tensor longs(String name) {
    JsonNode input = golden.json().path("inputs").path(name);
    long[] values =
        Arrays.stream(Comparison.flatten(input.path("values"))).mapToLong(v -> (long) v).toArray();
    return Tensor.of(values, Comparison.shape(input.path("shape")));
  }

  /** A parameter of the case. */
  public double parameter(String name) {
    return golden.json().path("parameters").path(name).asDouble();
  }

  /**
   * Fills the layers of a module by the formula, in double precision; names as the file has them.
   */
  public void fill(String prefix, Module module) {
    for (JsonNode entry : golden.json().path("modules_filled_by_formula")) {
      String name = entry.get(0).asText();
      String kind = entry.get(2).asText();
      if (name.startsWith(prefix + ".") && !kind.equals("zero")) {
        long[] shape = Comparison.shape(entry.get(1));
        Tensor values = Tensor.of(GoldenFill.of(kind, name, shape)).to(DType.FLOAT64);
        find(module, name.substring(prefix.length() + 1)).replaceData(values);
      }
    }
  }

  private static Tensor find(Module module, String name) {
    List<Tensor> found = new ArrayList<>();
    module.walk(
        "",
        (path, each) -> {
          String before = path.isEmpty() ? "" : path + ".";
          each.parameters()
              .forEach((key, weight) -> addIf((before + key).equals(name), weight.tensor(), found));
          each.buffers().forEach((key, t) -> addIf((before + key).equals(name), t, found));
        });
    if (found.size() != 1) {
      throw new IllegalStateException("%d tensors named '%s'".formatted(found.size(), name));
    }
    return found.get(0);
  }

  private static void addIf(boolean match, Tensor tensor, List<Tensor> found) {
    if (match) {
      found.add(tensor);
    }
  }

  /** Compares a loss and its gradients with respect to inputs, in the order of their names. */
  public void compare(String expected, Tensor loss, List<String> names, List<Tensor> leaves) {
    JsonNode values = golden.json().path("expected");
    comparison.number(expected, values.path(expected).asDouble(), loss.item());
    List<Tensor> gradients = Autograd.gradients(loss, leaves, /* keepGraph= */ true);
    for (int i = 0; i < names.size(); i++) {
      JsonNode gradient = values.path("gradient_of_" + expected).path(names.get(i));
      comparison.tensor("gradient of " + names.get(i), gradient, doubles(gradients.get(i)));
    }
  }

  /** All values, row-major. */
  public static double[] doubles(Tensor tensor) {
    var host = tensor.toHost();
    double[] values = new double[Math.toIntExact(host.count())];
    Arrays.setAll(values, host::get);
    return values;
  }
}
