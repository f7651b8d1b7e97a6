package dev.graft.train.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.layers.ParameterKind;
import dev.graft.model.Parameter;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Optimizer;
import dev.graft.spi.Optimizer.Share;
import dev.graft.spi.Optimizer.Updater;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizersTest {

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<String> ids() {
    return Registry.load(OptimizersTest.class.getClassLoader()).all(Optimizer.class).stream()
        .map(optimizer -> optimizer.about().id());
  }

  private static Optimizer get(String id) {
    return Registry.load(OptimizersTest.class.getClassLoader()).get(Optimizer.class, id);
  }

  private static Parameter parameter(String name, float... values) {
    Tensor tensor = Tensor.of(values, values.length);
    tensor.setRequiresGrad(true);
    return new Parameter(name, "group", ParameterKind.WEIGHT, tensor);
  }

  private static void give(Parameter parameter, float... gradient) {
    parameter.tensor().setGrad(Tensor.of(gradient, gradient.length));
  }

  private static Updater updater(String id, double decay, Parameter... parameters) {
    Settings momentum = Settings.of("momentum", 0.9);
    boolean has = get(id).settings().stream().anyMatch(s -> s.key().equals("momentum"));
    return get(id)
        .create(List.of(new Share(List.of(parameters), 1, decay)), has ? momentum : Settings.NONE);
  }

  @Test
  void allAreRegistered() {
    assertEquals(List.of("adam", "adamw", "lamb", "lion", "rmsprop", "sgd"), ids().toList());
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aParameterWithoutGradientKeepsItsBitsWhateverDecayAndMomentumSay(String id) {
    Parameter moving = parameter("moving", 1, -2);
    Parameter still = parameter("still", 3, 4);
    try (Updater updater = updater(id, 0.1, moving, still)) {
      give(moving, 1, 1);
      give(still, 1, 1);
      updater.step(0.1, Double.NaN);
      float[] before = still.tensor().toFloats();
      float[] other = moving.tensor().toFloats();
      still.tensor().clearGrad();
      updater.step(0.1, Double.NaN);
      assertArrayEquals(before, still.tensor().toFloats());
      assertNotEquals(other[0], moving.tensor().toFloats()[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aShareScalesTheRate(String id) {
    Parameter full = parameter("full", 1);
    Parameter tenth = parameter("tenth", 1);
    try (Updater updater =
        get(id)
            .create(
                List.of(new Share(List.of(full), 1, 0), new Share(List.of(tenth), 0.1, 0)),
                Settings.NONE)) {
      give(full, 0.5f);
      give(tenth, 0.5f);
      updater.step(0.01, Double.NaN);
    }
    double moved = 1 - full.tensor().toFloats()[0];
    assertTrue(moved > 0);
    assertEquals(moved / 10, 1 - tenth.tensor().toFloats()[0], moved * 1e-4);
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aParameterThatJoinsLaterHasItsOwnBiasCorrection(String id) {
    Parameter early = parameter("early", 1);
    Map<String, HostTensor> state;
    try (Updater updater = updater(id, 0, early)) {
      for (int i = 0; i < 5; i++) {
        give(early, 1);
        updater.step(0.01, Double.NaN);
      }
      state = updater.state();
    }
    Parameter late = parameter("late", 1);
    Parameter alone = parameter("late", 1);
    float[] momentsBefore = state.containsKey("early/exp_avg") ? moments(state) : new float[0];
    try (Updater joint = updater(id, 0, early, late);
        Updater fresh = updater(id, 0, alone)) {
      joint.restore(state);
      if (momentsBefore.length > 0) {
        assertArrayEquals(momentsBefore, moments(joint.state()));
      }
      give(late, 1);
      early.tensor().clearGrad();
      joint.step(0.01, Double.NaN);
      give(alone, 1);
      fresh.step(0.01, Double.NaN);
      assertArrayEquals(alone.tensor().toFloats(), late.tensor().toFloats());
      assertEquals(1, joint.state().get("late/step").toLongs()[0]);
      assertEquals(5, joint.state().get("early/step").toLongs()[0]);
    }
  }

  private static float[] moments(Map<String, HostTensor> state) {
    return state.get("early/exp_avg").toFloats();
  }

  @ParameterizedTest
  @MethodSource("ids")
  void restoringContinuesBitForBit(String id) {
    Parameter straight = parameter("w", 1, -1, 0.5f);
    Parameter resumed = parameter("w", 1, -1, 0.5f);
    try (Updater one = updater(id, 0.1, straight);
        Updater first = updater(id, 0.1, resumed);
        Updater second = updater(id, 0.1, resumed)) {
      for (int i = 0; i < 6; i++) {
        give(straight, i, 1, -0.3f * i);
        one.step(0.01, Double.NaN);
        give(resumed, i, 1, -0.3f * i);
        (i < 3 ? first : second).step(0.01, Double.NaN);
        if (i == 2) {
          second.restore(first.state());
        }
      }
    }
    assertArrayEquals(straight.tensor().toFloats(), resumed.tensor().toFloats());
  }

  @ParameterizedTest
  @MethodSource("ids")
  void nothingIsLeftBehind(String id) {
    Parameter w = parameter("w", 1, 2);
    give(w, 1, 1);
    long before = Scope.liveTensors();
    try (Updater updater = updater(id, 0.1, w)) {
      for (int i = 0; i < 3; i++) {
        updater.step(0.01, 0.9);
      }
    }
    assertEquals(before, Scope.liveTensors());
  }

  @Test
  void theScheduleMovesTheMomentum() {
    Parameter own = parameter("w", 0);
    Parameter moved = parameter("w", 0);
    try (Updater first = updater("sgd", 0, own);
        Updater second = updater("sgd", 0, moved)) {
      for (int i = 0; i < 2; i++) {
        give(own, 1);
        first.step(1, Double.NaN);
        give(moved, 1);
        second.step(1, 0.5);
      }
    }
    assertEquals(-2.9f, own.tensor().toFloats()[0], 1e-6);
    assertEquals(-2.5f, moved.tensor().toFloats()[0], 1e-6);
  }

  @Test
  void refusesWhatCannotBe() {
    Parameter w = parameter("w", 1);
    Settings bad = Settings.of("nesterov", true);
    String message =
        assertThrows(IllegalArgumentException.class, () -> get("sgd").create(List.of(), bad))
            .getMessage();
    assertTrue(message.contains("nesterov needs momentum above 0"), message);
    Share twice = new Share(List.of(w, w), 1, 0);
    message =
        assertThrows(
                IllegalArgumentException.class,
                () -> get("sgd").create(List.of(twice), Settings.NONE))
            .getMessage();
    assertTrue(message.contains("'w' is in two shares"), message);
    try (Updater updater = updater("sgd", 0, w)) {
      Map<String, HostTensor> alien = Map.of("w/exp_avg", HostTensor.of(new float[] {1}, 1));
      message =
          assertThrows(IllegalArgumentException.class, () -> updater.restore(alien)).getMessage();
      assertTrue(message.contains("[momentum_buffer]"), message);
      Map<String, HostTensor> shape =
          Map.of("w/momentum_buffer", HostTensor.of(new float[] {1, 2}, 2));
      message =
          assertThrows(IllegalArgumentException.class, () -> updater.restore(shape)).getMessage();
      assertTrue(message.contains("the parameter has shape [1]"), message);
    }
  }

  @Test
  void clippingKeepsTheDirectionAndTellsTheNormBefore() {
    Parameter a = parameter("a", 0, 0);
    Parameter b = parameter("b", 0);
    Parameter none = parameter("none", 0);
    give(a, 3, 0);
    give(b, 4);
    List<Parameter> all = List.of(a, b, none);
    assertEquals(5, Gradients.clip(all, 10), 1e-6);
    assertEquals(4f, b.tensor().grad().toFloats()[0]);
    assertEquals(5, Gradients.clip(all, 1), 1e-6);
    assertEquals(1, Gradients.norm(all), 1e-5);
    assertEquals(0.6f, a.tensor().grad().toFloats()[0], 1e-5);
    give(b, Float.NaN);
    assertTrue(Double.isNaN(Gradients.clip(all, 1)));
    assertEquals(0.6f, a.tensor().grad().toFloats()[0], 1e-5);
  }
}
