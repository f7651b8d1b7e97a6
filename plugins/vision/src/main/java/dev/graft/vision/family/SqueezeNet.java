package dev.graft.vision.family;

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
 * SqueezeNet 1.0 and 1.1, with the parameter names of torchvision or of the original Caffe model.
 */
public final class SqueezeNet implements ModelFamily {

  private static final String ID = "squeezenet";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text("version", "1_1", List.of("1_0", "1_1"), "1_1 computes 2.4 times less"),
          Setting.text("parameter_names", "torchvision", SqueezeNetNetwork.NAMES, "whose names"),
          Setting.flag("pool_ceil_mode", true, "windows of a pooling may reach over the border"),
          Setting.integer("stem_padding", 0, 0, 3, "zeros around the first convolution's input"),
          Setting.text("normalisation", "none", List.of("none"), "its only form"),
          Setting.number("dropout", 0.5, 0, 0.99, "probability before the classifier"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "classes"));

  private static final Map<String, Map<String, Object>> ARCHITECTURES =
      Map.of(
          "squeezenet1_0", Map.of("version", "1_0"),
          "squeezenet1_1", Map.of("version", "1_1"));

  @Override
  public About about() {
    return new About(
        ID,
        "small networks of fire modules, without normalisation",
        "Iandola et al. 2016, arXiv:1602.07360");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    return Published.of(config).spec(ID, Published.COMMON, ARCHITECTURES, SETTINGS);
  }

  @Override
  public Network build(ModelSpec spec) {
    return new SqueezeNetNetwork(new Settings(spec.settings()).checked(ID, SETTINGS));
  }

  @Override
  public String modality() {
    return "image";
  }
}
