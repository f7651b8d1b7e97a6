package dev.graft.adapters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.adapters.bottleneck.Houlsby;
import dev.graft.adapters.bottleneck.Parallel;
import dev.graft.adapters.bottleneck.Pfeiffer;
import dev.graft.adapters.lowrank.AdaLora;
import dev.graft.adapters.lowrank.Bone;
import dev.graft.adapters.lowrank.C3a;
import dev.graft.adapters.lowrank.Dora;
import dev.graft.adapters.lowrank.FourierFt;
import dev.graft.adapters.lowrank.Loha;
import dev.graft.adapters.lowrank.Lokr;
import dev.graft.adapters.lowrank.Lora;
import dev.graft.adapters.lowrank.Miss;
import dev.graft.adapters.lowrank.Olora;
import dev.graft.adapters.lowrank.Pissa;
import dev.graft.adapters.lowrank.RsLora;
import dev.graft.adapters.lowrank.Vera;
import dev.graft.adapters.orthogonal.Boft;
import dev.graft.adapters.orthogonal.Hra;
import dev.graft.adapters.orthogonal.Oft;
import dev.graft.adapters.orthogonal.OutputOft;
import dev.graft.adapters.scaling.Ia3;
import dev.graft.adapters.scaling.Ssf;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How adapters start, and that merged they do what they do unmerged, on layers of every shape. */
class StartTest {

  /** Those whose formula changes nothing at the start, to the last bit. */
  static Stream<AdapterKind> exact() {
    return Stream.of(
        Lora.KIND,
        RsLora.KIND,
        Dora.KIND,
        AdaLora.KIND,
        Loha.KIND,
        Lokr.KIND,
        Vera.KIND,
        FourierFt.KIND,
        C3a.KIND,
        Miss.KIND,
        Bone.KIND,
        Oft.KIND,
        OutputOft.KIND,
        Boft.KIND,
        Ia3.KIND,
        Ssf.KIND,
        Houlsby.KIND,
        Pfeiffer.KIND,
        Parallel.KIND);
  }

  /** Those that start from a decomposition or from reflections that cancel: up to rounding. */
  static Stream<AdapterKind> rounded() {
    return Stream.of(Pissa.KIND, Olora.KIND, Hra.KIND);
  }

  static Stream<AdapterKind> linear() {
    return Stream.concat(exact(), rounded())
        .filter(kind -> !List.of(Houlsby.KIND, Pfeiffer.KIND, Parallel.KIND).contains(kind));
  }

  private static Settings settings(AdapterKind kind) {
    return Settings.NONE.checked(kind.about().id(), kind.settings());
  }

  private static List<Layer> layers() {
    Conv2d.Spec plain = Conv2d.Spec.of(4, 6, 3).bias(true);
    return List.of(
        new Linear(6, 8),
        new Conv2d(plain),
        new Conv2d(plain.stride(2).padding(1)),
        new Conv2d(plain.dilation(2).padding(2)),
        new Conv2d(Conv2d.Spec.of(4, 8, 3).groups(2).bias(true)),
        new Conv2d(Conv2d.Spec.of(8, 8, 3).groups(8).bias(true)),
        new Conv2d(plain.stride(2).same(true)));
  }

  private static Tensor input(Layer layer) {
    return layer instanceof Conv2d conv
        ? Tensor.randn(2, conv.spec().in(), 8, 8)
        : Tensor.randn(3, 6);
  }

  private static AdaptedLayer adapt(Layer layer, AdapterKind kind) {
    AdaptedLayer adapted = new AdaptedLayer("layer", layer, 0);
    adapted.add("a", kind.maker().make(List.of(adapted.host()), settings(kind)).get(0));
    return adapted;
  }

  @ParameterizedTest
  @MethodSource("exact")
  void startsAsItWasToTheLastBit(AdapterKind kind) {
    difference(kind, 0);
  }

  @ParameterizedTest
  @MethodSource("rounded")
  void startsAsItWasUpToRounding(AdapterKind kind) {
    difference(kind, 1e-5f);
  }

  private static void difference(AdapterKind kind, float tolerance) {
    RandomState.seed(5);
    for (Layer layer : layers()) {
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        Tensor x = input(layer);
        float[] before = layer.apply(x).toFloats();
        AdaptedLayer adapted = adapt(layer, kind);
        // Adding zero makes a positive zero of a negative one; they are equal.
        assertArrayEquals(positive(before), positive(adapted.apply(x).toFloats()), tolerance);
        adapted.close();
      }
    }
  }

  private static float[] positive(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.0f;
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("linear")
  void mergedIsUnmergedAndAllOfItTrains(AdapterKind kind) {
    RandomState.seed(6);
    for (Layer layer : layers()) {
      try (Scope scope = Scope.open()) {
        AdaptedLayer adapted = adapt(layer, kind);
        Tensor x = input(layer);
        for (Tensor tensor : adapted.adapters().get("a").parameters().values()) {
          assertEquals(DType.FLOAT32, tensor.dtype());
          try (Autograd off = Autograd.off()) {
            tensor.copyInPlace(tensor.add(Tensor.randn(tensor.shape()).mul(0.1)));
          }
          tensor.setRequiresGrad(true);
        }
        Tensor y = adapted.apply(x);
        y.mul(y).sum().backward();
        for (var each : adapted.adapters().get("a").parameters().entrySet()) {
          boolean one = each.getValue().count() == 0;
          assertTrue(
              one || each.getValue().grad().abs().max().item() > 0,
              () -> kind.about().id() + ": no gradient for " + each.getKey());
          each.getValue().clearGrad();
          each.getValue().setRequiresGrad(false);
        }
        float[] unmerged = y.detach().toFloats();
        double scale = Math.max(1, y.detach().abs().max().item());
        assertEquals(0, adapted.merge());
        assertArrayEquals(unmerged, adapted.apply(x).toFloats(), (float) (1e-5 * scale));
        adapted.unmerge();
        adapted.close();
      }
    }
  }

  /** Published networks have filters that are all zeros: silenced in training, then folded. */
  @ParameterizedTest
  @MethodSource("linear")
  void aSilentFilterGivesNumbers(AdapterKind kind) {
    RandomState.seed(8);
    for (Layer layer : layers()) {
      try (Scope scope = Scope.open()) {
        Tensor weight = layer.parameters().get("weight").tensor();
        try (Autograd off = Autograd.off()) {
          weight.narrow(0, 1, 2).copyInPlace(weight.narrow(0, 1, 2).mul(0));
        }
        Tensor x = input(layer);
        double before = layer.apply(x).sum().item();
        AdaptedLayer adapted = adapt(layer, kind);
        adapted.adapters().get("a").parameters().values().forEach(t -> t.setRequiresGrad(true));
        assertEquals(before, adapted.apply(x).detach().sum().item(), 1e-3);
        for (int step = 0; step < 2; step++) {
          Tensor y = adapted.apply(x);
          y.mul(y).mean().backward();
          for (Tensor tensor : adapted.adapters().get("a").parameters().values()) {
            if (tensor.count() > 0) {
              assertTrue(Double.isFinite(tensor.grad().abs().max().item()), "a gradient");
              try (Autograd off = Autograd.off()) {
                tensor.addInPlace(tensor.grad(), -0.01);
              }
            }
            tensor.clearGrad();
          }
        }
        adapted.close();
      }
    }
  }

  /** B is zero, so that only B has a gradient; after one step A has one too. */
  @Test
  void loraStartsWithAGradientForBAlone() {
    try (Scope scope = Scope.open()) {
      RandomState.seed(7);
      AdaptedLayer adapted = adapt(new Linear(6, 8), Lora.KIND);
      Tensor a = adapted.adapters().get("a").parameters().get("lora_A.weight");
      Tensor b = adapted.adapters().get("a").parameters().get("lora_B.weight");
      a.setRequiresGrad(true);
      b.setRequiresGrad(true);
      Tensor x = Tensor.randn(3, 6);
      Tensor y = adapted.apply(x);
      y.mul(y).sum().backward();
      assertEquals(0, a.grad().abs().max().item());
      assertTrue(b.grad().abs().max().item() > 0);
      try (Autograd off = Autograd.off()) {
        b.addInPlace(b.grad(), -0.1);
      }
      Tensor again = adapted.apply(x);
      again.mul(again).sum().backward();
      assertTrue(a.grad().abs().max().item() > 0);
      a.clearGrad();
      b.clearGrad();
      adapted.close();
    }
  }

  @Test
  void loraOnATableOfVectors() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      AdaptedLayer adapted = adapt(new Embedding(10, 6), Lora.KIND);
      Tensor ids = Tensor.of(new long[] {1, 3, 3, 9}, 2, 2);
      adapted
          .adapters()
          .get("a")
          .parameters()
          .values()
          .forEach(t -> t.copyInPlace(Tensor.randn(t.shape())));
      float[] unmerged = adapted.apply(ids).toFloats();
      assertEquals(0, adapted.merge());
      assertArrayEquals(unmerged, adapted.apply(ids).toFloats(), 1e-4f);
      adapted.close();
    }
  }

  /** Dropout is on the added path alone, and only while training. */
  @Test
  void dropoutLeavesTheBaseAlone() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Linear layer = new Linear(6, 8);
      AdaptedLayer adapted = new AdaptedLayer("layer", layer, 0);
      Settings dropping = settings(Lora.KIND).with("dropout", 0.5);
      adapted.add("a", Lora.KIND.maker().make(List.of(adapted.host()), dropping).get(0));
      Tensor x = Tensor.randn(3, 6);
      float[] base = layer.apply(x).toFloats();
      adapted.setTraining(true);
      assertArrayEquals(base, adapted.apply(x).toFloats());
      Tensor b = adapted.adapters().get("a").parameters().get("lora_B.weight");
      b.copyInPlace(Tensor.randn(b.shape()));
      float[] one = adapted.apply(x).toFloats();
      assertTrue(!java.util.Arrays.equals(one, adapted.apply(x).toFloats()));
      adapted.setTraining(false);
      float[] steady = adapted.apply(x).toFloats();
      assertArrayEquals(steady, adapted.apply(x).toFloats());
      adapted.close();
    }
  }
}
