package dev.graft.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.Taps;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.ArchitectureChecker.Findings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a network with named inputs against a reference run in evaluation mode: state, filled
 * weights, the trace of inner modules, outputs, the loss of the class it was built after, and norms
 * of gradients.
 */
public final class SequenceChecker implements GoldenCheck {

  private final Registry registry;

  /** A checker of the families in the registry. */
  public SequenceChecker(Registry registry) {
    this.registry = registry;
  }

  @Override
  public GoldenOutcome check(GoldenCase golden) {
    Map<String, Object> config = ArchitectureChecker.config(golden.json());
    for (ModelFamily family : registry.all(ModelFamily.class)) {
      Optional<ModelSpec> spec = family.read(config);
      if (spec.isPresent()) {
        return check(golden.json(), family, spec.get());
      }
    }
    return GoldenOutcome.notBuilt("no family reads " + config.get("class"));
  }

  private static GoldenOutcome check(JsonNode json, ModelFamily family, ModelSpec spec) {
    Findings findings = new Findings();
    try (Scope scope = Scope.open();
        Model model = new Model(spec, family.build(spec))) {
      if (ArchitectureChecker.state(json, model, findings)) {
        ArchitectureChecker.fill(json, model);
        ArchitectureChecker.weights(json, model, findings);
        model.parameters().values().forEach(p -> p.tensor().setRequiresGrad(true));
        run(json, model, findings);
        model.parameters().values().forEach(p -> p.tensor().clearGrad());
        model.parameters().values().forEach(p -> p.tensor().setRequiresGrad(false));
      }
    }
    return findings.outcome();
  }

  private static void run(JsonNode json, Model model, Findings findings) {
    JsonNode tolerance = json.get("suggested_rel_tolerance");
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    Map<String, Tensor> targets = new LinkedHashMap<>();
    json.get("inputs")
        .properties()
        .forEach(
            entry ->
                (entry.getValue().has("role") ? targets : inputs)
                    .put(entry.getKey(), tensor(entry.getValue())));
    // Where a decoder is given the answer, that is an input too.
    targets.forEach((name, tensor) -> inputs.putIfAbsent(name, tensor));
    try (Scope scope = Scope.open();
        Autograd on = Autograd.on()) {
      double outputTolerance = tolerance.get("output").asDouble();
      ArchitectureTrace trace =
          new ArchitectureTrace(json.path("trace"), model.modules(), outputTolerance);
      NamedTensors result;
      try (Taps taps = Taps.set(trace)) {
        result = model.forward(NamedTensors.of(inputs));
      }
      trace.into(findings, "eval");
      Comparison outputs = new Comparison(outputTolerance);
      ArchitectureRun.outputs(json, outputs, result);
      findings.add("outputs", outputs);
      Tensor loss = loss(json.get("class").asText(), result, targets);
      Comparison losses = new Comparison(tolerance.get("loss").asDouble());
      losses.number("loss", json.get("loss_fp64").asDouble(), loss.item());
      findings.add("loss", losses);
      loss.backward();
      gradients(json, model, findings);
    }
  }

  private static Tensor tensor(JsonNode input) {
    double[] values = Comparison.flatten(input.get("values"));
    return Tensor.of(
        Arrays.stream(values).mapToLong(value -> (long) value).toArray(),
        Comparison.shape(input.get("shape")));
  }

  /** Mean cross entropy; a causal model predicts the next token, a span has two ends. */
  private static Tensor loss(String type, NamedTensors outputs, Map<String, Tensor> targets) {
    if (targets.containsKey("start_positions")) {
      Tensor start =
          Nn.crossEntropy(outputs.get("start_logits"), targets.get("start_positions"), 0);
      Tensor end = Nn.crossEntropy(outputs.get("end_logits"), targets.get("end_positions"), 0);
      return start.add(end).div(2);
    }
    Tensor logits = outputs.get("logits");
    Tensor labels = targets.get("labels");
    if (logits.dim() == 2) {
      return Nn.crossEntropy(logits, labels, 0);
    }
    if (type.endsWith("ForCausalLM") || type.endsWith("LMHeadModel")) {
      long length = labels.size(1) - 1;
      logits = logits.narrow(1, 0, length);
      labels = labels.narrow(1, 1, length);
    }
    return Nn.crossEntropy(logits.reshape(-1, logits.size(2)), labels.reshape(-1), 0);
  }

  private static void gradients(JsonNode json, Model model, Findings findings) {
    Comparison comparison =
        new Comparison(json.get("suggested_rel_tolerance").get("grad").asDouble());
    double all = json.get("grad_l2_all_parameters").asDouble();
    Set<String> zero =
        ArchitectureRun.texts(json.path("parameters_with_zero_gradient_in_exact_arithmetic"));
    double squares = 0;
    for (var entry : model.parameters().entrySet()) {
      Tensor tensor = entry.getValue().tensor();
      double norm = tensor.hasGrad() ? ArchitectureRun.norm(tensor.grad()) : 0;
      squares += norm * norm;
      if (zero.contains(entry.getKey())) {
        comparison.number("gradient of " + entry.getKey(), 0, norm, all);
      } else if (json.get("grad_l2").has(entry.getKey())) {
        double wanted = json.get("grad_l2").get(entry.getKey()).asDouble();
        comparison.number(
            "gradient of " + entry.getKey(),
            wanted,
            norm,
            Math.max(wanted, ArchitectureRun.ZERO * all));
      }
    }
    comparison.number("gradient of all parameters", all, Math.sqrt(squares));
    findings.add("gradients", comparison);
  }
}
