package dev.graft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.layers.Linear;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a family of networks promises. */
public abstract class ModelFamilyContract extends PluginContract<ModelFamily> {

  private long liveBefore;

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

  @BeforeEach
  void countTensors() {
    RandomState.seed(17);
    liveBefore = Scope.liveTensors();
  }

  @AfterEach
  void everyTensorIsGivenBack() {
    assertEquals(liveBefore, Scope.liveTensors(), "tensors that nobody closed");
  }

  private ModelSpec spec() {
    return family()
        .read(config())
        .orElseThrow(() -> new AssertionError("the family does not know " + config()));
  }

  private Model model() {
    ModelSpec spec = spec();
    return new Model(spec, family().build(spec));
  }

  private static Map<String, HostTensor> bits(Model model) {
    Map<String, HostTensor> bits = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> bits.put(name, tensor.toHost()));
    }
    return bits;
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
  void aSpecGoesThroughJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    ModelSpec spec = spec();
    ModelSpec read = json.readValue(json.writeValueAsString(spec), ModelSpec.class);
    assertEquals(spec.family(), family().about().id());
    assertEquals(spec, read);
    try (Model one = model();
        Model two = new Model(read, family().build(read))) {
      assertEquals(one.state().keySet(), two.state().keySet());
    }
  }

  @Test
  void theSameSeedGivesTheSameWeights() {
    RandomState.seed(5);
    Map<String, HostTensor> first;
    try (Model model = model()) {
      first = bits(model);
    }
    RandomState.seed(5);
    try (Model model = model()) {
      assertEquals(first, bits(model));
    }
    RandomState.seed(6);
    try (Model model = model()) {
      assertNotEquals(first, bits(model), "the seed has no effect");
    }
  }

  @Test
  void namesAreUnique() {
    try (Model model = model()) {
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
  }

  /** Every group but those without any tensor holds what its paths name, and nothing is left. */
  @Test
  void groupsCoverEverything() {
    try (Model model = model()) {
      Set<String> names = new HashSet<>();
      model.groups().forEach(group -> names.add(group.name()));
      for (String name : model.state().keySet()) {
        assertTrue(names.contains(model.groupOf(name)), name);
      }
      String head = model.groups().get(model.groups().size() - 1).name();
      assertEquals(head, model.groupOf(model.network().headPath()), "the last group is the head");
      assertTrue(model.groups().size() >= 2, "a network has at least a body and a head");
    }
  }

  @Test
  void forwardByGroupsIsTheWholeForward() {
    try (Model model = model();
        Scope scope = Scope.open();
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

  @Test
  void theHeadReadsFeaturesOfTheStatedNumber() {
    try (Model model = model();
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Tensor features = model.forward(inputs(), 0, model.groups().size() - 1).get("features");
      assertTrue(features.dim() == 2 || features.dim() == 3, "(N, D) or (N, L, D)");
      assertEquals(model.featureCount(), features.size(-1));
    }
  }

  @Test
  void theHeadCanBeReplaced() {
    try (Model model = model();
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      float[] before =
          model.forward(inputs(), 0, model.groups().size() - 1).get("features").toFloats();
      model.replaceHead(new Linear(model.featureCount(), 7));
      assertEquals(7, model.forward(inputs()).get("logits").size(-1));
      assertArrayEquals(
          before, model.forward(inputs(), 0, model.groups().size() - 1).get("features").toFloats());
      assertEquals(
          model.groups().get(model.groups().size() - 1).name(),
          model.groupOf(model.network().headPath() + ".weight"));
    }
  }

  @Test
  void evaluationIsDeterministicAndChangesNothing() {
    try (Model model = model();
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Map<String, HostTensor> before = bits(model);
      float[] first = model.forward(inputs()).get("logits").toFloats();
      assertArrayEquals(first, model.forward(inputs()).get("logits").toFloats());
      assertEquals(before, bits(model));
    }
  }

  @Test
  void examplesDoNotMixInEvaluation() {
    try (Model model = model();
        Scope scope = Scope.open();
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
    ModelSpec trainable = family().trainable(spec());
    try (Model model = new Model(trainable, family().build(trainable))) {
      try (Scope scope = Scope.open()) {
        model.network().setTrainingAll(true);
        model.parameters().values().forEach(p -> p.tensor().setRequiresGrad(true));
        Tensor logits = model.forward(inputs()).get("logits");
        logits.mul(Tensor.randn(logits.shape())).sum().backward();
        List<String> without = new ArrayList<>();
        model
            .parameters()
            .forEach(
                (name, parameter) -> {
                  if (!parameter.tensor().hasGrad()) {
                    without.add(name);
                  }
                });
        assertEquals(List.of(), without, "parameters that no output depends on");
      } finally {
        model
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
