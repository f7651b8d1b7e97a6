package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Initial;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** AlexNet in the one-column form and with the parameter names of torchvision. */
public final class AlexNet implements ModelFamily {

  private static final String ID = "alexnet";
  private static final int HIDDEN = 4096;

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.number("dropout", 0.5, 0, 0.99, "probability before the linear layers"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "classes"));

  @Override
  public About about() {
    return new About(
        ID, "five convolutions and three linear layers", "Krizhevsky 2014, arXiv:1404.5997");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    return Published.of(config).spec(ID, Published.COMMON, Map.of(ID, Map.of()), SETTINGS);
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    StagedNetwork network = new StagedNetwork();
    network.stage("block1");
    convolution(network, 0, Conv2d.Spec.of(3, 64, 11).stride(4).padding(2));
    network.place("features.2", pool());
    network.stage("block2");
    convolution(network, 3, Conv2d.Spec.of(64, 192, 5).padding(2));
    network.place("features.5", pool());
    network.stage("block3");
    convolution(network, 6, Conv2d.Spec.of(192, 384, 3).padding(1));
    convolution(network, 8, Conv2d.Spec.of(384, 256, 3).padding(1));
    convolution(network, 10, Conv2d.Spec.of(256, 256, 3).padding(1));
    network.place("features.12", pool());
    network.place("avgpool", Pool2d.adaptiveAverage(6, 6));
    network.step(x -> x.flatten(1));
    placeClassifier(network, settings);
    InitialValues.convolutions(network, Initial::fanIn);
    return network;
  }

  @Override
  public String modality() {
    return "image";
  }

  private static void convolution(StagedNetwork network, int index, Conv2d.Spec spec) {
    network.place("features." + index, new Conv2d(spec.bias(true)));
    network.place("features." + (index + 1), new Activation(Function.RELU));
  }

  private static Pool2d pool() {
    return Pool2d.max(3, 2, 0, /* ceilMode= */ false);
  }

  private static void placeClassifier(StagedNetwork network, Settings settings) {
    double dropout = settings.number("dropout");
    network.stage("classifier");
    network.place("classifier.0", new Dropout(dropout));
    network.place("classifier.1", new Linear(256 * 6 * 6, HIDDEN));
    network.place("classifier.2", new Activation(Function.RELU));
    network.place("classifier.3", new Dropout(dropout));
    network.place("classifier.4", new Linear(HIDDEN, HIDDEN));
    network.place("classifier.5", new Activation(Function.RELU));
    network.stage("head");
    network.head("classifier.6", new Linear(HIDDEN, settings.integer("num_labels")), HIDDEN);
  }
}
