package dev.graft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.layers.DropPath;
import dev.graft.layers.Dropout;
import dev.graft.layers.Linear;
import dev.graft.layers.Module;
import dev.graft.layers.Taps;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a family of networks promises. One network is built for all tests that only look at it,
 * since some have a hundred million parameters.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ModelFamilyContract extends PluginContract<ModelFamily> {

  private static final long SEED = 5;

  private long liveBefore;
  private Model model;

  /** The family, as the services file makes it. */
  protected abstract ModelFamily family();

  @Override
  final ModelFamily plugin() {
    return family();
  }

  /** A configuration of a small member, as a {@code config.json} would hold it. */
  protected abstract Map<String, Object> config();

  /**
   * A batch of at least two different examples; called inside a scope.
   *
   * @return all inputs that the network reads
   */
  protected abstract NamedTensors inputs();

  @BeforeAll
  void build() {
    liveBefore = Scope.liveTensors();
    model = built(spec(), SEED);
  }

  @AfterAll
  void everyTensorIsGivenBack() {
    model.close();
    assertEquals(liveBefore, Scope.liveTensors(), "tensors that nobody closed");
  }

  private ModelSpec spec() {
    return family()
        .read(config())
        .orElseThrow(() -> new AssertionError("the family does not know " + config()));
  }

  private Model built(ModelSpec spec, long seed) {
    RandomState.seed(seed);
    return new Model(spec, family().build(spec));
  }

  /** A checksum of each tensor: some networks would not fit on the heap twice. */
  private static Map<String, Long> bits(Model model) {
    Map<String, Long> bits = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> bits.put(name, bits(tensor)));
    }
    return bits;
  }

  private static long bits(Tensor tensor) {
    CRC32 checksum = new CRC32();
    checksum.update(tensor.detach().toHost().data());
    return checksum.getValue();
  }

  @Test
  void saysWhatItIs() {
    Abouts.check(ModelFamily.class, family(), Registry.load(getClass().getClassLoader()));
    assertFalse(family().modality().isBlank());
  }

  @Test
  void leavesForeignConfigurationsToOthers() {
    assertEquals(Optional.empty(), family().read(Map.of()));
    assertEquals(Optional.empty(), family().read(Map.of("model_type", "no-such-family")));
  }

  @Test
  void theSpecAndTheSeedMakeTheNetwork() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ModelSpec read = json.readValue(json.writeValueAsString(spec()), ModelSpec.class);
    assertEquals(family().about().id(), read.family());
    assertEquals(spec(), read);
    try (Model again = built(read, SEED)) {
      assertEquals(bits(model), bits(again));
    }
    try (Model other = built(read, SEED + 1)) {
      assertNotEquals(bits(model), bits(other), "the seed has no effect");
    }
  }

  @Test
  void namesAreUnique() {
    assertEquals(
        model.parameters().size() + model.buffers().size(),
        model.state().size(),
        "a parameter and a buffer share a name");
    Set<String> groups = new HashSet<>();
    for (Group group : model.groups()) {
      assertTrue(groups.add(group.name()), "two groups named " + group.name());
    }
    for (String name : model.state().keySet()) {
      assertTrue(name.matches("[^.]+(\\.[^.]+)*"), "no proper name: '" + name + "'");
    }
  }

  /** Every group but those without any tensor holds what its paths name, and nothing is left. */
  @Test
  void groupsCoverEverything() {
    Set<String> names = new HashSet<>();
    model.groups().forEach(group -> names.add(group.name()));
    for (String name : model.state().keySet()) {
      assertTrue(names.contains(model.groupOf(name)), name);
    }
    String head = model.groups().get(model.groups().size() - 1).name();
    assertEquals(head, model.groupOf(model.network().headPath()), "the last group is the head");
    assertTrue(model.groups().size() >= 2, "a network has at least a body and a head");
  }

  @Test
  void forwardByGroupsIsTheWholeForward() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      NamedTensors inputs = inputs();
      float[] whole = model.forward(inputs).get("logits").toFloats();
      for (int cut = 0; cut <= model.groups().size(); cut++) {
        NamedTensors state = model.forward(inputs, 0, cut);
        NamedTensors outputs = model.forward(state, cut, model.groups().size());
        assertArrayEquals(whole, outputs.get("logits").toFloats(), "cut at group " + cut);
      }
      for (float value : whole) {
        assertTrue(Float.isFinite(value), "logits are finite");
      }
    }
  }

  /** Networks overwrite and free what they made themselves, never what they were given. */
  @Test
  void aGroupLeavesItsInputAsItIs() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      for (int i = 0; i < model.groups().size(); i++) {
        NamedTensors state = model.forward(inputs(), 0, i);
        Map<String, HostTensor> before = new LinkedHashMap<>();
        state.asMap().forEach((name, tensor) -> before.put(name, tensor.toHost()));
        assertFalse(model.forward(state, i, i + 1).names().isEmpty());
        for (String name : state.names()) {
          assertEquals(
              before.get(name),
              state.get(name).toHost(),
              name + " into group " + model.groups().get(i).name());
        }
      }
    }
  }

  /** Whoever listens to inner outputs gets outputs that stay, and changes nothing. */
  @Test
  void listeningChangesNothing() {
    Map<String, Double> silent = gradientNorms(/* listening= */ false);
    Map<String, Double> listened = gradientNorms(/* listening= */ true);
    assertEquals(silent.keySet(), listened.keySet());
    double largest = Collections.max(silent.values());
    silent.forEach(
        (name, norm) ->
            assertEquals(norm, listened.get(name), 1e-3 * Math.max(norm, 1e-2 * largest), name));
  }

  /** Norms of all gradients of one pass in training mode that draws no random numbers. */
  private Map<String, Double> gradientNorms(boolean listening) {
    Map<String, Double> norms = new LinkedHashMap<>();
    try (Model trained = built(family().trainable(spec()), SEED);
        Scope scope = Scope.open()) {
      for (Module module : trained.modules().values()) {
        module.setTraining(!(module instanceof Dropout || module instanceof DropPath));
      }
      trained.parameters().values().forEach(p -> p.tensor().setRequiresGrad(true));
      Tensor logits = listening ? listened(trained) : trained.forward(inputs()).get("logits");
      logits.pow(2).sum().backward();
      trained
          .parameters()
          .forEach(
              (name, p) -> {
                if (p.tensor().hasGrad()) {
                  norms.put(name, p.tensor().grad().norm().item());
                }
                p.tensor().clearGrad();
                p.tensor().setRequiresGrad(false);
              });
    }
    return norms;
  }

  private Tensor listened(Model trained) {
    Map<Tensor, Long> heard = new LinkedHashMap<>();
    NamedTensors outputs;
    try (Taps taps =
        Taps.set(
            (module, output) -> {
              heard.putIfAbsent(output, bits(output));
              return output;
            })) {
      outputs = trained.forward(inputs());
    }
    assertFalse(heard.isEmpty());
    heard.forEach((output, bits) -> assertEquals(bits, bits(output), "changed: " + output));
    return outputs.get("logits");
  }

  @Test
  void theHeadReadsFeaturesOfTheStatedNumber() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Tensor features = model.forward(inputs(), 0, model.groups().size() - 1).get("features");
      assertTrue(features.dim() == 2 || features.dim() == 3, "(N, D) or (N, L, D)");
      assertEquals(model.featureCount(), features.size(-1));
    }
  }

  @Test
  void theHeadCanBeReplaced() {
    try (Model changed = built(spec(), SEED);
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      float[] before =
          changed.forward(inputs(), 0, changed.groups().size() - 1).get("features").toFloats();
      changed.replaceHead(new Linear(changed.featureCount(), 7));
      assertEquals(7, changed.forward(inputs()).get("logits").size(-1));
      assertArrayEquals(
          before,
          changed.forward(inputs(), 0, changed.groups().size() - 1).get("features").toFloats());
      assertEquals(
          changed.groups().get(changed.groups().size() - 1).name(),
          changed.groupOf(changed.network().headPath() + ".weight"));
    }
  }

  @Test
  void evaluationIsDeterministicAndChangesNothing() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Map<String, Long> before = bits(model);
      float[] first = model.forward(inputs()).get("logits").toFloats();
      assertArrayEquals(first, model.forward(inputs()).get("logits").toFloats());
      assertEquals(before, bits(model));
    }
  }

  @Test
  void examplesDoNotMixInEvaluation() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Tensor logits = model.forward(inputs()).get("logits");
      Map<String, Tensor> alone = new LinkedHashMap<>();
      inputs().asMap().forEach((name, tensor) -> alone.put(name, tensor.narrow(0, 0, 1)));
      float[] single = model.forward(NamedTensors.of(alone)).get("logits").toFloats();
      float[] batched = logits.narrow(0, 0, 1).toFloats();
      double largest = logits.abs().max().item();
      for (int i = 0; i < single.length; i++) {
        // Products of other sizes are summed in another order.
        assertEquals(batched[i], single[i], 1e-4 * Math.max(1, largest), "logit " + i);
      }
    }
  }

  @Test
  void gradientsReachEveryParameter() {
    try (Model trained = built(family().trainable(spec()), SEED)) {
      try (Scope scope = Scope.open()) {
        trained.network().setTrainingAll(true);
        trained.parameters().values().forEach(p -> p.tensor().setRequiresGrad(true));
        Tensor sum = Tensor.zeros();
        for (Tensor output : trained.forward(inputs()).asMap().values()) {
          sum = sum.add(output.mul(Tensor.randn(output.shape())).sum());
        }
        sum.backward();
        List<String> without = new ArrayList<>();
        trained
            .parameters()
            .forEach(
                (name, parameter) -> {
                  if (!parameter.tensor().hasGrad()) {
                    without.add(name);
                  }
                });
        assertEquals(List.of(), without, "parameters that no output depends on");
      } finally {
        trained
            .parameters()
            .values()
            .forEach(
                p -> {
                  p.tensor().clearGrad();
                  p.tensor().setRequiresGrad(false);
                });
      }
    }
  }

  @Test
  void theTrainableFormIsItsOwn() {
    ModelSpec trainable = family().trainable(spec());
    assertEquals(trainable, family().trainable(trainable));
    assertFalse(family().foldedNormalisation(trainable));
  }
}
