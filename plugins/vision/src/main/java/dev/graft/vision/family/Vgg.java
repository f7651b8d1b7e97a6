package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.BatchNorm2d;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** VGG networks in the form and with the parameter names of torchvision. */
public final class Vgg implements ModelFamily {

  private static final String ID = "vgg";

  /** Number of convolutions in each of the five blocks. */
  private static final Map<Integer, List<Integer>> CONVOLUTIONS =
      Map.of(
          11, List.of(1, 1, 2, 2, 2),
          13, List.of(2, 2, 2, 2, 2),
          16, List.of(2, 2, 3, 3, 3),
          19, List.of(2, 2, 4, 4, 4));

  private static final int[] CHANNELS = {64, 128, 256, 512, 512};
  private static final int HIDDEN = 4096;

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("depth", 16, 11, 19, "layers: 11, 13, 16 or 19"),
          Setting.flag("batch_norm", false, "normalise after each convolution"),
          Setting.number("dropout", 0.5, 0, 0.99, "probability between the linear layers"),
          Setting.flag("init_weights", true, "initial values of the paper, else the layers' own"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "classes"));

  private static final Map<String, Map<String, Object>> ARCHITECTURES = architectures();

  private static Map<String, Map<String, Object>> architectures() {
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    for (int depth : CONVOLUTIONS.keySet()) {
      known.put("vgg" + depth, Map.of("depth", depth));
      known.put("vgg" + depth + "_bn", Map.of("depth", depth, "batch_norm", true));
    }
    return known;
  }

  @Override
  public About about() {
    return new About(
        ID,
        "stacks of 3x3 convolutions: VGG-11 to -19, with and without batch normalisation",
        "Simonyan and Zisserman 2015, arXiv:1409.1556");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    Optional<ModelSpec> spec =
        Published.of(config).spec(ID, Published.COMMON, ARCHITECTURES, SETTINGS);
    spec.ifPresent(known -> check(new Settings(known.settings())));
    return spec;
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    check(settings);
    StagedNetwork network = new StagedNetwork();
    placeConvolutions(network, settings);
    placeClassifier(network, settings);
    if (settings.flag("init_weights")) {
      InitialValues.zeroBiases(network, Conv2d.class);
      InitialValues.linears(network, shape -> Initial.normal(0.01, shape));
      InitialValues.zeroBiases(network, Linear.class);
    } else {
      InitialValues.convolutions(network, Initial::fanIn);
    }
    return network;
  }

  @Override
  public String modality() {
    return "image";
  }

  private static void check(Settings settings) {
    int depth = settings.integer("depth");
    if (!CONVOLUTIONS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "setting 'depth' of vgg is %d; allowed: 11, 13, 16 or 19".formatted(depth));
    }
  }

  private static void placeConvolutions(StagedNetwork network, Settings settings) {
    int index = 0;
    int in = 3;
    for (int block = 0; block < CHANNELS.length; block++) {
      int out = CHANNELS[block];
      network.stage("block" + (block + 1));
      for (int i = 0; i < CONVOLUTIONS.get(settings.integer("depth")).get(block); i++) {
        Conv2d.Spec conv = Conv2d.Spec.of(in, out, 3).padding(1).bias(true);
        network.place("features." + index++, new Conv2d(conv));
        if (settings.flag("batch_norm")) {
          network.place("features." + index++, new BatchNorm2d(out));
        }
        network.place("features." + index++, new Activation(Function.RELU));
        in = out;
      }
      network.place("features." + index++, Pool2d.max(2, 2, 0, /* ceilMode= */ false));
    }
    network.place("avgpool", Pool2d.adaptiveAverage(7, 7));
    network.step(x -> x.flatten(1));
  }

  private static void placeClassifier(StagedNetwork network, Settings settings) {
    double dropout = settings.number("dropout");
    network.stage("classifier");
    network.place("classifier.0", new Linear(512 * 7 * 7, HIDDEN));
    network.place("classifier.1", new Activation(Function.RELU));
    network.place("classifier.2", new Dropout(dropout));
    network.place("classifier.3", new Linear(HIDDEN, HIDDEN));
    network.place("classifier.4", new Activation(Function.RELU));
    network.stage("head");
    network.place("classifier.5", new Dropout(dropout));
    network.head("classifier.6", new Linear(HIDDEN, settings.integer("num_labels")), HIDDEN);
  }
}
