package dev.graft.vision.family.cifar;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Initial;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.Pool2d;
import dev.graft.layers.Reshape;
import dev.graft.layers.Sequential;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import dev.graft.vision.family.InitialValues;
import dev.graft.vision.family.Published;
import dev.graft.vision.family.Published.Origin;
import dev.graft.vision.family.StagedNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** VGG networks with a single linear layer behind the convolutions, with mdistiller's names. */
public final class CifarVgg implements ModelFamily {

  private static final String ID = "vgg_cifar";

  /** Number of convolutions in each of the five blocks. */
  private static final Map<Integer, List<Integer>> CONVOLUTIONS =
      Map.of(
          8, List.of(1, 1, 1, 1, 1),
          11, List.of(1, 1, 2, 2, 2),
          13, List.of(2, 2, 2, 2, 2),
          16, List.of(2, 2, 3, 3, 3),
          19, List.of(2, 2, 4, 4, 4));

  private static final int[] CHANNELS = {64, 128, 256, 512, 512};

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("depth", 8, 8, 19, "layers: 8, 11, 13, 16 or 19"),
          Setting.flag("batch_norm", false, "normalise after each convolution"),
          Setting.integer("num_labels", 10, 1, 1_000_000, "classes"));

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
        "VGG networks for images of 32 pixels: VGG-8 to -19",
        "Simonyan and Zisserman 2015, arXiv:1409.1556; Tian et al. 2020, arXiv:1910.10699");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    Optional<ModelSpec> spec =
        Published.of(config).spec(ID, Set.of(Origin.MDISTILLER), ARCHITECTURES, SETTINGS);
    spec.ifPresent(known -> check(new Settings(known.settings())));
    return spec;
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    check(settings);
    return assemble(settings);
  }

  @Override
  public String modality() {
    return "image";
  }

  private static void check(Settings settings) {
    int depth = settings.integer("depth");
    if (!CONVOLUTIONS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "setting 'depth' of %s is %d; allowed: 8, 11, 13, 16 or 19".formatted(ID, depth));
    }
  }

  /** Five blocks of convolutions with pooling between them, and a linear head. */
  private static Network assemble(Settings settings) {
    StagedNetwork network = new StagedNetwork();
    int in = 3;
    for (int i = 0; i < CHANNELS.length; i++) {
      network.stage("block" + i);
      Sequential block = new Sequential();
      for (int j = 0; j < CONVOLUTIONS.get(settings.integer("depth")).get(i); j++) {
        if (j > 0) {
          block.add(new Activation(Function.RELU));
        }
        block.add(new Conv2d(Conv2d.Spec.of(in, CHANNELS[i], 3).padding(1).bias(true)));
        if (settings.flag("batch_norm")) {
          block.add(new BatchNorm2d(CHANNELS[i]));
        }
        in = CHANNELS[i];
      }
      network.place("block" + i, block);
      network.place("relu" + i, new Activation(Function.RELU));
      network.place(
          "pool" + i, i < 3 ? halve() : i == 3 ? halveLarge() : Pool2d.adaptiveAverage(1, 1));
    }
    network.step(x -> x.flatten(1));
    network.stage("head");
    network.head("classifier", new Linear(in, settings.integer("num_labels")), in);
    InitialValues.zeroBiases(network, Conv2d.class);
    InitialValues.linears(network, shape -> Initial.normal(0.01, shape));
    InitialValues.zeroBiases(network, Linear.class);
    return network;
  }

  private static Layer halve() {
    return Pool2d.max(2, 2, 0, /* ceilMode= */ false);
  }

  /** Images of 32 pixels have shrunk to 4 here and stay so; those of 64 are halved once more. */
  private static Layer halveLarge() {
    Layer halve = halve();
    return new Reshape(x -> x.size(2) < 8 ? x : halve.apply(x));
  }
}
