package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GoogLeNet in the form and with the parameter names of torchvision: with batch normalisation, and
 * with 3x3 kernels where the paper has 5x5.
 */
public final class GoogLeNet implements ModelFamily {

  private static final String ID = "googlenet";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.flag("aux_logits", true, "two side heads, which compute in training mode"),
          Setting.flag("transform_input", false, "bring ImageNet's pixel scale to that of 2014"),
          Setting.flag("init_weights", true, "initial values of the library, else the layers' own"),
          Setting.number("dropout", 0.2, 0, 0.99, "probability before the classifier"),
          Setting.number("dropout_aux", 0.7, 0, 0.99, "probability in the side heads"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "classes"));

  @Override
  public About about() {
    return new About(
        ID, "inception modules with side heads", "Szegedy et al. 2015, arXiv:1409.4842");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    return Published.of(config).spec(ID, Published.COMMON, Map.of(ID, Map.of()), SETTINGS);
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    int labels = settings.integer("num_labels");
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    if (settings.flag("transform_input")) {
      network.step(InceptionConv::halfScaled);
    }
    network.place("conv1", new InceptionConv(Conv2d.Spec.of(3, 64, 7).stride(2).padding(3)));
    network.place("maxpool1", halve(3));
    network.place("conv2", conv(64, 64, 1));
    network.place("conv3", conv(64, 192, 3));
    network.place("maxpool2", halve(3));
    network.stage("inception3");
    network.place("inception3a", inception(192, 64, 96, 128, 16, 32, 32));
    network.place("inception3b", inception(256, 128, 128, 192, 32, 96, 64));
    network.place("maxpool3", halve(3));
    network.stage("inception4");
    network.place("inception4a", inception(480, 192, 96, 208, 16, 48, 64));
    side(network, settings, "aux1", 512);
    network.place("inception4b", inception(512, 160, 112, 224, 24, 64, 64));
    network.place("inception4c", inception(512, 128, 128, 256, 24, 64, 64));
    network.place("inception4d", inception(512, 112, 144, 288, 32, 64, 64));
    side(network, settings, "aux2", 528);
    network.place("inception4e", inception(528, 256, 160, 320, 32, 128, 128));
    network.place("maxpool4", halve(2));
    network.stage("inception5");
    network.place("inception5a", inception(832, 256, 160, 320, 32, 128, 128));
    network.place("inception5b", inception(832, 384, 192, 384, 48, 128, 128));
    network.place("avgpool", Pool2d.adaptiveAverage(1, 1));
    network.step(x -> x.flatten(1));
    network.stage("head");
    network.place("dropout", new Dropout(settings.number("dropout")));
    network.head("fc", new Linear(1024, labels), 1024);
    initialise(network, settings.flag("init_weights"));
    return network;
  }

  @Override
  public String modality() {
    return "image";
  }

  private static void initialise(Network network, boolean library) {
    if (library) {
      // The library cuts the normal distribution at ±2, which is 200 deviations away.
      InitialValues.convolutions(network, shape -> Initial.normal(0.01, shape));
      InitialValues.linears(network, shape -> Initial.normal(0.01, shape));
    } else {
      InitialValues.convolutions(network, Initial::fanIn);
    }
  }

  private static Layer conv(int in, int out, int kernel) {
    return new InceptionConv(Conv2d.Spec.of(in, out, kernel).padding(kernel / 2));
  }

  private static Pool2d halve(int kernel) {
    return Pool2d.max(kernel, 2, 0, /* ceilMode= */ true);
  }

  /**
   * An inception module.
   *
   * @param in input channels
   * @param out channels: of the 1x1 branch; reduced and expanded of the second; of the third; of
   *     the pooled one
   */
  private static Layer inception(int in, int... out) {
    return new Branches()
        .branch("branch1", conv(in, out[0], 1))
        .branch("branch2", new Sequential(conv(in, out[1], 1), conv(out[1], out[2], 3)))
        .branch("branch3", new Sequential(conv(in, out[3], 1), conv(out[3], out[4], 3)))
        .branch(
            "branch4",
            new Sequential(Pool2d.max(3, 1, 1, /* ceilMode= */ true), conv(in, out[5], 1)));
  }

  /**
   * A side head on the output of an inception module. The library hands the output of {@code aux1}
   * out as {@code aux_logits2} and the other way round; so do we.
   */
  private static void side(StagedNetwork network, Settings settings, String path, int in) {
    if (settings.flag("aux_logits")) {
      Layer head =
          new Sequential()
              .add("pool", Pool2d.adaptiveAverage(4, 4))
              .add("conv", conv(in, 128, 1))
              .add("flatten", Reshape.flatten())
              .add("fc1", new Linear(128 * 4 * 4, 1024))
              .add("relu", new Activation(Function.RELU))
              .add("dropout", new Dropout(settings.number("dropout_aux")))
              .add("fc2", new Linear(1024, settings.integer("num_labels")));
      network.sideHead(path, head, path.equals("aux1") ? "aux_logits2" : "aux_logits1");
    }
  }
}
