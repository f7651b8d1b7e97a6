package dev.graft.vision.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Dataset;
import dev.graft.data.EvalTransform;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.layers.Linear;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.SharedFolder;
import dev.graft.vision.image.Image;
import dev.graft.vision.preprocessing.ImageModality;
import dev.graft.vision.source.IdxSource;
import dev.graft.weights.BaseFolder;
import dev.graft.weights.LoadRules;
import dev.graft.weights.ReadOptions;
import dev.graft.weights.WeightLoader;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Published weights compute here what they computed where they come from. */
class SharedBasesTest {

  private static final double TOLERANCE = 1e-4;
  private static final int BATCH = 200;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet20-cifar10",
        "resnet32-cifar10",
        "resnet56-cifar10",
        "squeezenet1_1-imagenet"
      })
  void storedFeaturesAndLogitsComeOut(String name) throws IOException {
    BaseFolder base = open(name);
    Weights parity = Weights.open(base.folder().resolve("parity.safetensors"));
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Model model = load(base)) {
      Tensor pixels = pixels(base, examples(parity.get("input_u8_nhwc")));
      assertClose("features", parity.get("features"), Networks.features(model, pixels));
      assertClose("logits", parity.get("logits"), Networks.logits(model, pixels));
      model.replaceHead(new Linear(model.featureCount(), 3));
      assertClose("features", parity.get("features"), Networks.features(model, pixels));
    }
  }

  @ParameterizedTest
  @CsvSource({"resnet20-cifar10, 91.5", "resnet32-cifar10, 92.8", "resnet56-cifar10, 92.6"})
  void theAccuracyOfTheReadmeIsReached(String name, double percent) throws IOException {
    BaseFolder base = open(name);
    Dataset test =
        new IdxSource()
            .open(SharedFolder.require("data/cifar10-sample"), Settings.NONE)
            .test()
            .orElseThrow();
    int right = 0;
    try (Scope whole = Scope.open();
        Autograd off = Autograd.off();
        Model model = load(base)) {
      for (int from = 0; from < test.size(); from += BATCH) {
        try (Scope scope = Scope.open()) {
          List<Example> examples = new ArrayList<>();
          for (int i = from; i < Math.min(from + BATCH, test.size()); i++) {
            examples.add(load(test, i));
          }
          long[] best = Networks.logits(model, pixels(base, examples)).argmax(1).toLongs();
          for (int i = 0; i < best.length; i++) {
            right += best[i] == (long) test.target(from + i) ? 1 : 0;
          }
        }
      }
    }
    assertEquals(percent, 100.0 * right / test.size(), 0.5, name);
  }

  private static Example load(Dataset dataset, int index) throws IOException {
    try {
      return dataset.load(index);
    } catch (CorruptExampleException e) {
      throw new AssertionError(e);
    }
  }

  private static BaseFolder open(String name) throws IOException {
    return BaseFolder.open(SharedFolder.require("models/" + name), ReadOptions.defaults());
  }

  private static Model load(BaseFolder base) {
    Model model = Networks.build(Networks.spec(base.config()));
    WeightLoader.load(model, base.weights(), LoadRules.strict());
    return model;
  }

  private static List<Example> examples(HostTensor bytes) {
    long[] shape = bytes.shape();
    int size = Math.toIntExact(shape[1] * shape[2] * shape[3]);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < shape[0]; i++) {
      byte[] pixels = new byte[size];
      bytes.data().get(i * size, pixels);
      Image image = new Image((int) shape[2], (int) shape[1], (int) shape[3], pixels);
      examples.add(ImageModality.example("image " + i, image));
    }
    return examples;
  }

  private static Tensor pixels(BaseFolder base, List<Example> examples) {
    Preprocessing preprocessing = new ImageModality().preprocessing(base.card().preprocessing());
    EvalTransform transform = preprocessing.evalTransform();
    NamedTensors inputs = preprocessing.collate(examples.stream().map(transform::apply).toList());
    return inputs.get("pixels");
  }

  private static void assertClose(String what, HostTensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    float[] wanted = expected.toFloats();
    float[] got = actual.toFloats();
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]));
      worst = Math.max(worst, Math.abs(wanted[i] - got[i]));
    }
    assertTrue(
        worst <= TOLERANCE * largest,
        "%s differ by %s where the largest is %s".formatted(what, worst, largest));
  }
}
