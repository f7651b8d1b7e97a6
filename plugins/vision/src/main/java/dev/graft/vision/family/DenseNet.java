package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Initial;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Sequential;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Densely connected networks in the form and with the parameter names of torchvision. */
public final class DenseNet implements ModelFamily {

  private static final String ID = "densenet";

  /**
   * What distinguishes the members of the family.
   *
   * @param layers number of layers in each of the four blocks
   * @param growth channels that each layer adds
   * @param stem channels of the first convolution
   */
  private record Shape(List<Integer> layers, int growth, int stem) {}

  private static final Map<Integer, Shape> SHAPES =
      Map.of(
          121, new Shape(List.of(6, 12, 24, 16), 32, 64),
          161, new Shape(List.of(6, 12, 36, 24), 48, 96),
          169, new Shape(List.of(6, 12, 32, 32), 32, 64),
          201, new Shape(List.of(6, 12, 48, 32), 32, 64));

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("depth", 121, 121, 201, "layers: 121, 161, 169 or 201"),
          Setting.number("drop_rate", 0, 0, 0.99, "probability of dropout after each layer"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "classes"));

  private static final Map<String, Map<String, Object>> ARCHITECTURES = architectures();

  private static Map<String, Map<String, Object>> architectures() {
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    SHAPES.keySet().forEach(depth -> known.put("densenet" + depth, Map.of("depth", depth)));
    return known;
  }

  @Override
  public About about() {
    return new About(
        ID,
        "each layer reads all layers before it: DenseNet-121 to -201",
        "Huang et al. 2017, arXiv:1608.06993");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    EnumSet<Published.Origin> from = EnumSet.copyOf(Published.COMMON);
    from.add(Published.Origin.TIMM);
    Optional<ModelSpec> spec = Published.of(config).spec(ID, from, ARCHITECTURES, SETTINGS);
    spec.ifPresent(known -> check(new Settings(known.settings())));
    return spec;
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    check(settings);
    Shape shape = SHAPES.get(settings.integer("depth"));
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    Conv2d.Spec stem = Conv2d.Spec.of(3, shape.stem(), 7).stride(2).padding(3);
    network.place("features.conv0", new Conv2d(stem));
    network.place("features.norm0", new BatchNorm2d(shape.stem()));
    network.place("features.relu0", new Activation(Function.RELU));
    network.place("features.pool0", Pool2d.max(3, 2, 1, /* ceilMode= */ false));
    int channels = shape.stem();
    for (int i = 1; i <= 4; i++) {
      int layers = shape.layers().get(i - 1);
      network.stage("denseblock" + i);
      network.place(
          "features.denseblock" + i,
          new DenseBlock(channels, layers, shape.growth(), settings.number("drop_rate")));
      channels += layers * shape.growth();
      if (i < 4) {
        network.place("features.transition" + i, transition(channels));
        channels /= 2;
      }
    }
    network.place("features.norm5", new BatchNorm2d(channels));
    network.step(x -> Nn.adaptiveAvgPool2d(Nn.relu(x), 1, 1).flatten(1));
    network.stage("head");
    network.head("classifier", new Linear(channels, settings.integer("num_labels")), channels);
    InitialValues.convolutions(network, Initial::heFanIn);
    InitialValues.zeroBiases(network, Linear.class);
    return network;
  }

  @Override
  public String modality() {
    return "image";
  }

  private static void check(Settings settings) {
    int depth = settings.integer("depth");
    if (!SHAPES.containsKey(depth)) {
      throw new IllegalArgumentException(
          "setting 'depth' of densenet is %d; allowed: 121, 161, 169 or 201".formatted(depth));
    }
  }

  /** Halves channels, height and width. */
  private static Layer transition(int channels) {
    return new Sequential()
        .add("norm", new BatchNorm2d(channels))
        .add("relu", new Activation(Function.RELU))
        .add("conv", new Conv2d(Conv2d.Spec.of(channels, channels / 2, 1)))
        .add("pool", Pool2d.average(2, 2, 0));
  }

  /** Layers that each read the input and all outputs before: channels grow by layers x growth. */
  private static final class DenseBlock extends Layer {

    DenseBlock(int channels, int layers, int growth, double dropRate) {
      for (int i = 0; i < layers; i++) {
        child("denselayer" + (i + 1), denseLayer(channels + i * growth, growth, dropRate));
      }
    }

    private static Layer denseLayer(int in, int growth, double dropRate) {
      int inner = 4 * growth;
      return new Sequential()
          .add("norm1", new BatchNorm2d(in))
          .add("relu1", new Activation(Function.RELU))
          .add("conv1", new Conv2d(Conv2d.Spec.of(in, inner, 1)))
          .add("norm2", new BatchNorm2d(inner))
          .add("relu2", new Activation(Function.RELU))
          .add("conv2", new Conv2d(Conv2d.Spec.of(inner, growth, 3).padding(1)))
          .add("dropout", new Dropout(dropRate));
    }

    @Override
    protected Tensor forward(Tensor x) {
      List<Tensor> outputs = new ArrayList<>();
      Tensor all = x;
      outputs.add(x);
      for (Child layer : children().values()) {
        outputs.add(layer.apply(all));
        all = Tensor.cat(outputs, 1);
      }
      return all;
    }
  }
}
