package dev.graft.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.DropPath;
import dev.graft.layers.Dropout;
import dev.graft.layers.Module;
import dev.graft.layers.Taps;
import dev.graft.model.Model;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.ArchitectureChecker.Findings;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Runs a filled network in the modes of a reference file and compares what comes out.
 *
 * <p>The reference values of gradients are those of a run in double precision; tolerances come from
 * the file.
 */
final class ArchitectureRun {

  /** Part of the norm over all parameters below which a gradient norm counts as zero. */
  static final double ZERO = 1e-4;

  private final JsonNode json;
  private final Model model;
  private final Findings findings;

  ArchitectureRun(JsonNode json, Model model, Findings findings) {
    this.json = json;
    this.model = model;
    this.findings = findings;
  }

  /** Forward and backward; {@code mode} is {@code eval} or one that begins with {@code train}. */
  void withGradients(String mode) {
    JsonNode expected = json.get(mode);
    JsonNode tolerance = expected.get("suggested_rel_tolerance");
    Comparison outputs = new Comparison(tolerance.get("output").asDouble());
    setModes(mode.startsWith("train"));
    model.parameters().values().forEach(parameter -> parameter.tensor().setRequiresGrad(true));
    try (Scope scope = Scope.open();
        Autograd on = Autograd.on()) {
      Tensor pixels = input("input");
      pixels.setRequiresGrad(true);
      ArchitectureTrace trace =
          new ArchitectureTrace(
              expected.path("trace"), model.modules(), tolerance.get("output").asDouble());
      NamedTensors result;
      try (Taps taps = Taps.set(trace)) {
        result = model.forward(NamedTensors.of("pixels", pixels));
      }
      trace.into(findings, mode);
      outputs(expected, outputs, result);
      buffers(expected.path("buffers_l2_after_one_forward"), outputs);
      findings.add(mode + " outputs", outputs);
      Tensor loss = Nn.crossEntropy(result.get("logits"), labels(), 0);
      Comparison losses = new Comparison(tolerance.get("loss").asDouble());
      losses.number("loss", expected.get("loss").asDouble(), loss.item());
      findings.add(mode + " loss", losses);
      loss.backward();
      gradients(mode, expected, pixels);
    }
    model.parameters().values().forEach(parameter -> parameter.tensor().clearGrad());
    model.parameters().values().forEach(parameter -> parameter.tensor().setRequiresGrad(false));
  }

  /** Takes the statistics of one input into the normalisation layers, then evaluates another. */
  void afterCalibration(String mode) {
    JsonNode expected = json.get(mode);
    double tolerance = expected.get("suggested_rel_tolerance").get("output").asDouble();
    model.network().setTrainingAll(false);
    for (Module module : model.modules().values()) {
      if (module instanceof BatchNorm2d norm) {
        norm.setMomentum(1);
        norm.setTraining(true);
      }
    }
    Comparison outputs = new Comparison(tolerance);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      NamedTensors first = model.forward(NamedTensors.of("pixels", input("input")));
      model.network().setTrainingAll(false);
      buffers(expected.path("buffers_l2_after_calibration"), outputs);
      NamedTensors second = model.forward(NamedTensors.of("pixels", input("input2")));
      outputs(expected, outputs, second);
      if (first.names().isEmpty()) {
        throw new IllegalStateException("the network has no output");
      }
    }
    findings.add(mode, outputs);
  }

  /** A layer that drops is the identity outside of training, which is what probability 0 means. */
  private void setModes(boolean training) {
    model.network().setTrainingAll(training);
    for (Module module : model.modules().values()) {
      if (module instanceof Dropout || module instanceof DropPath) {
        module.setTraining(false);
      }
    }
  }

  private Tensor input(String name) {
    JsonNode input = json.get("input");
    return Tensor.of(
        GoldenFill.input(
            name, input.get("scale").asDouble(), Comparison.shape(input.get("shape"))));
  }

  private Tensor labels() {
    JsonNode labels = json.get("labels");
    long[] values = new long[labels.size()];
    Arrays.setAll(values, i -> labels.get(i).asLong());
    return Tensor.of(values, values.length);
  }

  static void outputs(JsonNode expected, Comparison comparison, NamedTensors actual) {
    expected
        .get("output")
        .properties()
        .forEach(
            output -> {
              if (actual.has(output.getKey())) {
                comparison.tensor(
                    output.getKey(), output.getValue(), actual.get(output.getKey()).toHost());
              } else {
                comparison.wrong(output.getKey(), "not among the outputs " + actual.names());
              }
            });
  }

  private void buffers(JsonNode expected, Comparison comparison) {
    Map<String, Tensor> buffers = model.buffers();
    expected
        .properties()
        .forEach(
            entry ->
                comparison.number(
                    "l2 of " + entry.getKey(),
                    entry.getValue().asDouble(),
                    norm(buffers.get(entry.getKey()))));
  }

  private void gradients(String mode, JsonNode expected, Tensor pixels) {
    Comparison comparison =
        new Comparison(expected.get("suggested_rel_tolerance").get("grad").asDouble());
    double all = expected.get("grad_l2_all_parameters").asDouble();
    Set<String> unused = texts(expected.path("parameters_without_grad"));
    Set<String> zero = texts(expected.path("parameters_with_zero_gradient_in_exact_arithmetic"));
    double squares = 0;
    for (var entry : model.parameters().entrySet()) {
      String name = entry.getKey();
      Tensor tensor = entry.getValue().tensor();
      double norm = tensor.hasGrad() ? norm(tensor.grad()) : 0;
      squares += norm * norm;
      if (tensor.hasGrad() == unused.contains(name)) {
        comparison.wrong(name, tensor.hasGrad() ? "has a gradient" : "has no gradient");
      } else if (zero.contains(name)) {
        comparison.number("gradient of " + name, 0, norm, all);
      } else if (expected.get("grad_l2").has(name)) {
        double wanted = expected.get("grad_l2").get(name).asDouble();
        comparison.number("gradient of " + name, wanted, norm, Math.max(wanted, ZERO * all));
      }
    }
    comparison.number("gradient of all parameters", all, Math.sqrt(squares));
    double input = expected.get("input_grad_l2").asDouble();
    comparison.number(
        "gradient of the input", input, norm(pixels.grad()), Math.max(input, ZERO * all));
    findings.add(mode + " gradients", comparison);
  }

  static Set<String> texts(JsonNode array) {
    Set<String> texts = new HashSet<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }

  static double norm(Tensor tensor) {
    try (Scope scope = Scope.open()) {
      return tensor.detach().to(DType.FLOAT64).norm().item();
    }
  }
}
