package dev.graft.vision.family;

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

/**
 * EfficientNet B0 to B7 in the form of torchvision or of timm, and timm's EfficientNet-Lite, which
 * has neither gates nor swish.
 *
 * <p>Groups: {@code stem}, {@code stage1} to {@code stage5} by resolution, {@code top} (the last 1
 * × 1 convolution and the pool), {@code head}.
 */
public final class EfficientNet implements ModelFamily {

  private static final String ID = "efficientnet";

  static final String TORCHVISION = "torchvision";
  static final String TIMM = "timm";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.number("width_coefficient", 1, 0.1, 10, "factor of all numbers of channels"),
          Setting.number("depth_coefficient", 1, 0.1, 10, "factor of all numbers of blocks"),
          Setting.flag("lite", false, "without gates, ReLU6, stem and top not scaled"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "outputs of the classifier"),
          Setting.number("dropout", 0.2, 0, 0.99, "probability in front of the classifier"),
          Setting.number(
              "stochastic_depth_prob", 0.2, 0, 0.99, "probability to drop the last block"),
          Setting.number("norm_eps", 1e-5, 0, 1, "added to the variance"),
          Setting.number("norm_momentum", 0.1, 0, 1, "share of the newest batch in statistics"),
          Setting.text(
              "padding",
              "symmetric",
              List.of("symmetric", "tf_same"),
              "zeros on both sides alike, or as TensorFlow does"),
          Setting.text(
              "parameter_names",
              TORCHVISION,
              List.of(TORCHVISION, TIMM),
              "whose form and names the weights have"));

  /** Width, depth and dropout of B0 to B7; the first five are the Lite networks' too. */
  private static final double[][] SCALES = {
    {1.0, 1.0, 0.2},
    {1.0, 1.1, 0.2},
    {1.1, 1.2, 0.3},
    {1.2, 1.4, 0.3},
    {1.4, 1.8, 0.4},
    {1.6, 2.2, 0.4},
    {1.8, 2.6, 0.5},
    {2.0, 3.1, 0.5},
  };

  private static final int LITE_SCALES = 5;

  private static final Map<String, Map<String, Object>> TORCHVISION_ARCHITECTURES = torchvision();
  private static final Map<String, Map<String, Object>> TIMM_ARCHITECTURES = timm();

  private static Map<String, Map<String, Object>> torchvision() {
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    for (int i = 0; i < SCALES.length; i++) {
      Map<String, Object> settings = scaled(i);
      settings.put("dropout", SCALES[i][2]);
      if (i >= LITE_SCALES) {
        settings.put("norm_eps", 1e-3);
        settings.put("norm_momentum", 0.01);
      }
      known.put("efficientnet_b" + i, settings);
    }
    return known;
  }

  private static Map<String, Map<String, Object>> timm() {
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    for (boolean tensorFlow : List.of(false, true)) {
      for (int i = 0; i < SCALES.length; i++) {
        String prefix = tensorFlow ? "tf_efficientnet_" : "efficientnet_";
        known.put(prefix + "b" + i, timm(i, tensorFlow, false));
        if (i < LITE_SCALES) {
          known.put(prefix + "lite" + i, timm(i, tensorFlow, true));
        }
      }
    }
    return known;
  }

  private static Map<String, Object> timm(int scale, boolean tensorFlow, boolean lite) {
    Map<String, Object> settings = scaled(scale);
    settings.put("parameter_names", TIMM);
    settings.put("dropout", 0);
    settings.put("stochastic_depth_prob", 0);
    settings.put("lite", lite);
    if (tensorFlow) {
      settings.put("norm_eps", 1e-3);
      settings.put("padding", "tf_same");
    }
    return settings;
  }

  private static Map<String, Object> scaled(int scale) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("width_coefficient", SCALES[scale][0]);
    settings.put("depth_coefficient", SCALES[scale][1]);
    return settings;
  }

  @Override
  public About about() {
    return new About(
        ID,
        "EfficientNet B0 to B7 and Lite 0 to 4: one network, scaled in depth and width",
        "Tan and Le, \"EfficientNet\", 2019, arXiv:1905.11946");
  }

  @Override
  public String modality() {
    return "image";
  }

  /** An {@code architecture} without library is timm's, whose {@code config.json} has that key. */
  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    Published published = Published.of(config);
    return published
        .spec(ID, List.of(Published.Origin.TORCHVISION), TORCHVISION_ARCHITECTURES, SETTINGS)
        .or(
            () ->
                published
                    .renamed(
                        Map.of("drop_rate", "dropout", "drop_path_rate", "stochastic_depth_prob"))
                    .spec(ID, Published.TIMM_NAMES, TIMM_ARCHITECTURES, SETTINGS));
  }

  @Override
  public Network build(ModelSpec spec) {
    return EfficientNetNetwork.build(new Settings(spec.settings()).checked(ID, SETTINGS));
  }
}
