package dev.graft.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFill;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Outputs, gradients and merged weights of every adapter against PEFT's. */
class PeftGoldenTest {

  private static final String NAME = "default";

  @TestFactory
  Stream<DynamicTest> peft() {
    return GoldenFolder.of("peft").tests(PeftGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    JsonNode json = golden.json();
    boolean exact = json.path("computed_in").asText().equals("float64");
    Comparison comparison = new Comparison(exact ? 1e-9 : 1e-5);
    try (Scope scope = Scope.open()) {
      if (json.has("adapter_config")) {
        adapter(json, exact, comparison);
      } else {
        combination(json, comparison);
      }
    }
    return comparison.outcome();
  }

  private static void adapter(JsonNode json, boolean exact, Comparison comparison) {
    Kinds.Chosen chosen = Kinds.of(json);
    Map<String, AdaptedLayer> layers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> base : json.path("base_layers").properties()) {
      layers.put(base.getKey(), base(base.getKey(), exact));
    }
    Map<String, Tensor> originals = new LinkedHashMap<>();
    layers.forEach((path, layer) -> originals.put(path, layer.host().weight().copy()));
    List<Adapter> made;
    try (Autograd off = Autograd.off()) {
      made =
          chosen
              .kind()
              .maker()
              .make(layers.values().stream().map(AdaptedLayer::host).toList(), chosen.settings());
      int next = 0;
      for (AdaptedLayer layer : layers.values()) {
        layer.add(NAME, made.get(next++));
      }
      layers.forEach((path, layer) -> fill(json, path, layer, exact));
      layers.forEach((path, layer) -> start(json, path, layer, originals.get(path), comparison));
    }
    compute(json, layers, comparison);
    merge(json, layers, comparison);
    layers.values().forEach(Layer::close);
  }

  private static AdaptedLayer base(String name, boolean exact) {
    Layer layer =
        switch (name) {
          case "lin" -> new Linear(6, 8);
          case "conv" -> new Conv2d(Conv2d.Spec.of(4, 6, 3).padding(1).bias(true));
          default -> new Embedding(10, 6);
        };
    layer
        .parameters()
        .forEach(
            (own, weight) -> {
              String kind = own.equals("bias") ? "bias" : "weight";
              String full = "peft.base." + name + "." + own;
              weight.tensor().copyInPlace(GoldenFill.of(kind, full, weight.tensor().shape()));
              if (exact) {
                weight.tensor().replaceData(weight.tensor().to(DType.FLOAT64));
              }
            });
    return new AdaptedLayer(name, layer, 0);
  }

  /** The adapter's tensors as the file gives them; those of a decomposition stay our own. */
  private static void fill(JsonNode json, String path, AdaptedLayer layer, boolean exact) {
    Adapter adapter = layer.adapters().get(NAME);
    if (exact) {
      adapter.parameters().values().forEach(t -> t.replaceData(t.to(DType.FLOAT64)));
      adapter.buffers().values().stream()
          .filter(t -> t.dtype().isFloating())
          .forEach(t -> t.replaceData(t.to(DType.FLOAT64)));
    }
    for (JsonNode given : json.path("adapter_tensors")) {
      String name = given.path("name").asText();
      if (!name.startsWith(path + ".") || !given.path("how").asText().equals("formula")) {
        continue;
      }
      String own = Kinds.own(name.substring(path.length() + 1).replace("." + NAME, ""), json);
      double[] values = Comparison.flatten(given.path("values"));
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      Tensor place = adapter.parameters().get(own);
      if (place == null) {
        throw new IllegalArgumentException(
            "no tensor '%s' among %s".formatted(own, adapter.parameters().keySet()));
      }
      long[] shape = Comparison.shape(given.path("shape"));
      place.copyInPlace(Tensor.of(floats, shape).reshape(place.shape()).to(place.dtype()));
    }
    JsonNode places = json.path("parameters").path("spectral_indices_" + path);
    if (places.isArray()) {
      long[] flat = new long[places.get(0).size()];
      for (int i = 0; i < flat.length; i++) {
        flat[i] =
            places.get(0).get(i).asLong() * layer.host().columns() + places.get(1).get(i).asLong();
      }
      adapter.buffers().get("fourierft_indices").copyInPlace(HostTensor.of(flat, flat.length));
    }
  }

  /** What a method that starts from the weight made of it. */
  private static void start(
      JsonNode json, String path, AdaptedLayer layer, Tensor original, Comparison comparison) {
    JsonNode expected = json.path("expected");
    if (expected.has("residual_base_weight_" + path)) {
      Tensor rest = layer.host().weight();
      comparison.tensor("residual", expected.path("residual_base_weight_" + path), rest.toHost());
      comparison.tensor(
          "delta", expected.path("delta_weight_" + path), original.sub(rest).toHost());
    }
  }

  private static void compute(
      JsonNode json, Map<String, AdaptedLayer> layers, Comparison comparison) {
    JsonNode expected = json.path("expected");
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    long count = 0;
    Tensor loss = null;
    for (Map.Entry<String, AdaptedLayer> entry : layers.entrySet()) {
      for (Map.Entry<String, Tensor> own :
          entry.getValue().adapters().get(NAME).parameters().entrySet()) {
        own.getValue().setRequiresGrad(true);
        count += own.getValue().count();
        parameters.put(entry.getKey() + "." + own.getKey(), own.getValue());
      }
      Tensor x = input(json.path("inputs").path("x_" + entry.getKey()), entry.getValue());
      Tensor y = entry.getValue().apply(x);
      String name = "forward_" + entry.getKey();
      comparison.tensor(name, expected.path(name), y.detach().toHost());
      Tensor squares = y.mul(y).sum();
      loss = loss == null ? squares : loss.add(squares);
    }
    comparison.number(
        "parameters", expected.path("num_trainable_parameters").asDouble(), (double) count);
    comparison.number("loss", expected.path("loss_sum_of_squares").asDouble(), loss.item());
    loss.backward();
    for (Map.Entry<String, JsonNode> gradient : expected.path("adapter_gradient_l2").properties()) {
      String full = gradient.getKey().replace("." + NAME, "");
      int dot = full.indexOf('.');
      Tensor parameter =
          parameters.get(full.substring(0, dot + 1) + Kinds.own(full.substring(dot + 1), json));
      double norm = parameter.grad().to(DType.FLOAT64).norm().item();
      if (full.matches("conv.hada_w[12]_a") && parameters.containsKey("conv.hada_t1")) {
        norm = swapped(full, layers.get("conv"), parameters, json);
      }
      comparison.number("gradient of " + full, gradient.getValue().asDouble(), norm);
    }
    parameters
        .values()
        .forEach(
            tensor -> {
              tensor.clearGrad();
              tensor.setRequiresGrad(false);
            });
  }

  /**
   * The library's own backward pass of a Hadamard product with kernels takes the inner factors of
   * the one product for the outer factor of the other. Ours is the true gradient; this is theirs,
   * so that the number in the file is still one that we can account for.
   */
  private static double swapped(
      String name, AdaptedLayer layer, Map<String, Tensor> parameters, JsonNode json) {
    String other = name.contains("w1") ? "2" : "1";
    Tensor kernel = parameters.get("conv.hada_t" + other).detach();
    Tensor outer = parameters.get("conv.hada_w%s_a".formatted(other)).detach();
    Tensor inner =
        kernel
            .permute(0, 2, 3, 1)
            .matmul(parameters.get("conv.hada_w%s_b".formatted(other)).detach())
            .permute(0, 3, 1, 2)
            .reshape(kernel.size(0), -1);
    Tensor weight = layer.adapted().weight().detach();
    weight.setRequiresGrad(true);
    Tensor x = input(json.path("inputs").path("x_conv"), layer);
    LayerWeights leaf = new LayerWeights(weight, layer.host().weights().bias());
    Tensor y = layer.host().compute(x, leaf);
    Tensor ofDelta =
        Autograd.gradients(y.mul(y).sum(), List.of(weight), false)
            .get(0)
            .reshape(layer.host().rows(), -1);
    JsonNode config = json.path("adapter_config");
    double scale = config.path("alpha").asDouble() / config.path("r").asDouble();
    Tensor product = outer.transpose(0, 1).matmul(inner);
    return inner.matmul(ofDelta.mul(product).transpose(0, 1)).mul(scale).norm().item();
  }

  private static Tensor input(JsonNode given, AdaptedLayer layer) {
    if (!given.has("fill")) {
      double[] ids = Comparison.flatten(given.path("values"));
      long[] values = new long[ids.length];
      for (int i = 0; i < ids.length; i++) {
        values[i] = (long) ids[i];
      }
      return Tensor.of(values, given.path("values").size(), given.path("values").get(0).size());
    }
    Matcher name = Pattern.compile("NAME \"([^\"]+)\"").matcher(given.path("fill").asText());
    if (!name.find()) {
      throw new IllegalArgumentException(given.toString());
    }
    long[] shape = Comparison.shape(given.path("shape"));
    return Tensor.of(GoldenFill.input(name.group(1), 1, shape)).to(layer.host().dtype());
  }

  private static void merge(
      JsonNode json, Map<String, AdaptedLayer> layers, Comparison comparison) {
    layers.forEach(
        (path, layer) -> {
          HostTensor before = layer.host().weight().toHost();
          double error = layer.merge();
          if (error != 0) {
            comparison.wrong("merge", "rounds by " + error + " in its own type");
          }
          JsonNode expected = json.path("expected").path("merged_weight_" + path);
          comparison.tensor("merged " + path, expected, layer.host().weight().toHost());
          layer.unmerge();
          if (!before.equals(layer.host().weight().toHost())) {
            comparison.wrong("unmerge", "does not give the weight back");
          }
        });
  }

  /** Two LoRA adapters made one. */
  private static void combination(JsonNode json, Comparison comparison) {
    JsonNode parameters = json.path("parameters");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (JsonNode each : json.path("adapter_tensors")) {
      long[] shape = Comparison.shape(each.path("shape"));
      tensors.put(
          each.path("name").asText(),
          Tensor.of(GoldenFill.of("weight", each.path("fill_name").asText(), shape)));
    }
    List<Factors> factors = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      double scale =
          parameters.path("alpha").path(name).asDouble() / parameters.path("r").path(name).asInt();
      factors.add(
          new Factors(
              tensors.get("lin.lora_B.%s.weight".formatted(name)).unsqueeze(0),
              tensors.get("lin.lora_A.%s.weight".formatted(name)).unsqueeze(0),
              scale,
              (up, down) -> null));
    }
    Combination rule =
        Combination.valueOf(parameters.path("combination_type").asText().toUpperCase(Locale.ROOT));
    double[] weights = Comparison.flatten(parameters.path("weights"));
    if (rule == Combination.SVD) {
      // The library scales twice here: it weighs matrices that are scaled already by the scale.
      for (int i = 0; i < weights.length; i++) {
        weights[i] *= factors.get(i).scale();
      }
    }
    Tensor[] made = rule.combine(factors, weights, parameters.path("density").asDouble(1));
    JsonNode expected = json.path("expected");
    comparison.number("rank", expected.path("merged_r").asInt(), (double) made[0].size(2));
    comparison.tensor(
        "delta",
        expected.path("delta_weight_merged"),
        made[0].matmul(made[1]).select(0, 0).toHost());
  }
}
