package dev.graft.train;

import static dev.graft.layers.Activation.Function.IDENTITY;

import dev.graft.data.Dataset;
import dev.graft.data.EvalTransform;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.Split;
import dev.graft.data.TrainTransform;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Linear;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Stream;
import dev.graft.registry.Registry;
import dev.graft.task.Classification;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A network, data and jobs small enough for unit tests of the loop. */
public final class TinyJobs {

  public static final List<String> CLASSES = List.of("dark", "bright", "striped");

  private TinyJobs() {}

  /** conv + norm, conv + norm, dropout, linear: three groups. */
  public static final class TinyNetwork extends Network {

    private final Child conv1;
    private final Child bn1;
    private final Child conv2;
    private final Child bn2;
    private final Child dropout;
    private final Child fc;

    TinyNetwork() {
      this(false);
    }

    /** With normalisations, or as if they had been folded into the convolutions. */
    public TinyNetwork(boolean folded) {
      conv1 = child("conv1", new Conv2d(Conv2d.Spec.of(1, 4, 3).padding(1).bias(folded)));
      bn1 = child("bn1", folded ? new Activation(IDENTITY) : new BatchNorm2d(4));
      conv2 = child("conv2", new Conv2d(Conv2d.Spec.of(4, 8, 3).padding(1).bias(folded)));
      bn2 = child("bn2", folded ? new Activation(IDENTITY) : new BatchNorm2d(8));
      dropout = child("dropout", new Dropout(0.2));
      fc = child("fc", new Linear(8, 5));
    }

    @Override
    public List<Group> groups() {
      return List.of(
          Group.unary(
              "stem",
              List.of("conv1", "bn1"),
              Group.Edge.FIRST,
              x -> Nn.relu(bn1.apply(conv1.apply(x)))),
          Group.unary(
              "body",
              List.of("conv2", "bn2"),
              Group.Edge.LAST,
              x -> Nn.relu(bn2.apply(conv2.apply(x))).mean(false, 2, 3)),
          Group.unary(
              "head", List.of("dropout", "fc"), Group.Edge.HEAD, x -> fc.apply(dropout.apply(x))));
    }

    @Override
    public String headPath() {
      return "fc";
    }

    @Override
    public long featureCount() {
      return 8;
    }
  }

  static Model model() {
    RandomState.seed(11);
    return new Model(new ModelSpec("tiny", Map.of()), new TinyNetwork());
  }

  static BaseModel base() {
    return new BaseModel() {
      @Override
      public Model pretrained() {
        return model();
      }

      @Override
      public Model random() {
        return new Model(new ModelSpec("tiny", Map.of()), new TinyNetwork());
      }
    };
  }

  /** Images of 6 x 6 whose class can be seen. */
  public record Images(int size, long seed) implements Dataset {

    @Override
    public String id(int index) {
      return seed + "/" + index;
    }

    @Override
    public double target(int index) {
      return index % CLASSES.size();
    }

    @Override
    public List<String> classes() {
      return CLASSES;
    }

    @Override
    public Example load(int index) {
      Random random = new Random(seed * 1000 + index);
      float[] pixels = new float[36];
      for (int i = 0; i < pixels.length; i++) {
        float signal =
            switch (index % 3) {
              case 0 -> 0;
              case 1 -> 1;
              default -> i % 2;
            };
        pixels[i] = signal + (float) random.nextGaussian() * 0.3f;
      }
      return Example.of(id(index), "pixels", HostTensor.of(pixels, 1, 6, 6));
    }
  }

  public static Preprocessing preprocessing() {
    return new Preprocessing() {
      @Override
      public String modality() {
        return "tiny";
      }

      @Override
      public Map<String, Object> settings() {
        return Map.of();
      }

      @Override
      public EvalTransform evalTransform() {
        return example -> example;
      }

      @Override
      public TrainTransform trainTransform(String augmentation) {
        return (example, random) -> {
          float[] pixels = example.get("pixels").toFloats();
          for (int i = 0; i < pixels.length; i++) {
            pixels[i] += (float) random.nextGaussian() * 0.1f;
          }
          return example.with("pixels", HostTensor.of(pixels, 1, 6, 6));
        };
      }

      @Override
      public Set<String> augmentations() {
        return Set.of("noise");
      }

      @Override
      public NamedTensors collate(List<Example> examples) {
        return NamedTensors.of(
            "pixels",
            Tensor.stack(examples.stream().map(e -> Tensor.of(e.get("pixels"))).toList(), 0));
      }
    };
  }

  static Split split() {
    return new Split(new Images(45, 1), new Images(21, 2), new Images(21, 3));
  }

  /** Trains the given groups. */
  static Phase phase(String name, List<String> groups, String augmentation, int epochs) {
    return Phase.of(
            name,
            List.of(Selector.groups(groups, 1)),
            Stream.training(8, augmentation),
            Choice.of("sgd").with("lr", 0.1).with("momentum", 0.9).with("weight_decay", 0.05))
        .withLength(Length.epochs(epochs));
  }

  static TrainJob job(Path folder, Phase... phases) {
    return new TrainJob(
        Plan.start(5).withPhases(List.of(phases)),
        base(),
        new Classification(CLASSES),
        split(),
        preprocessing(),
        folder,
        TrainOptions.defaults(),
        Registry.load(TinyJobs.class.getClassLoader()),
        TrainListener.NONE,
        () -> false);
  }
}
