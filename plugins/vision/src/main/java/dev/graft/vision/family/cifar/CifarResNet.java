package dev.graft.vision.family.cifar;

import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import dev.graft.vision.family.Published;
import dev.graft.vision.family.Published.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The residual networks of section 4.2 of the paper, depth 6n + 2, with the parameter names of
 * either of two libraries.
 */
public final class CifarResNet implements ModelFamily {

  private static final String ID = "resnet_cifar";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("depth", 20, 8, 1202, "layers, 6n + 2"),
          Setting.text(
              "shortcut",
              "A",
              List.of("A", "B"),
              "where channels grow: A subsamples and adds zero channels, B projects"),
          Setting.integer("stem_channels", 16, 1, 4096, "channels of the first convolution"),
          Setting.integer("channels", 16, 1, 4096, "channels of the first stage, then twice each"),
          Setting.text(
              "parameter_names", "akamaster", CifarResNetNetwork.NAMES, "the library's names"),
          Setting.text("normalisation", "batch_norm", List.of("batch_norm"), "its only form"),
          Setting.number("batch_norm_eps", 1e-5, 1e-12, 1, "added to the variance"),
          Setting.integer("num_labels", 10, 1, 1_000_000, "classes"));

  private static final Map<String, Map<String, Object>> AKAMASTER = new LinkedHashMap<>();
  private static final Map<String, Map<String, Object>> MDISTILLER = new LinkedHashMap<>();

  static {
    for (int depth : new int[] {20, 32, 44, 56, 110, 1202}) {
      AKAMASTER.put("resnet" + depth, Map.of("depth", depth));
    }
    for (int depth : new int[] {8, 14, 20, 32, 44, 56, 110}) {
      MDISTILLER.put(
          "resnet" + depth,
          Map.of("depth", depth, "shortcut", "B", "parameter_names", "mdistiller"));
    }
    for (int depth : new int[] {8, 32}) {
      Map<String, Object> wide = new LinkedHashMap<>(MDISTILLER.get("resnet" + depth));
      wide.put("stem_channels", 32);
      wide.put("channels", 64);
      MDISTILLER.put("resnet" + depth + "x4", wide);
    }
  }

  @Override
  public About about() {
    return new About(
        ID,
        "residual networks for images of 32 pixels: ResNet-20 to -110",
        "He et al. 2016, arXiv:1512.03385, section 4.2");
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    Published published = Published.of(config);
    Optional<ModelSpec> spec =
        published.origin() == Origin.MDISTILLER
            ? published.spec(ID, Set.of(Origin.MDISTILLER), MDISTILLER, SETTINGS)
            : published.spec(ID, Set.of(Origin.AKAMASTER), AKAMASTER, SETTINGS);
    spec.ifPresent(known -> check(new Settings(known.settings())));
    return spec;
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    check(settings);
    return CifarResNetNetwork.of(settings);
  }

  @Override
  public String modality() {
    return "image";
  }

  private static void check(Settings settings) {
    int depth = settings.integer("depth");
    if (depth % 6 != 2) {
      throw new IllegalArgumentException(
          "setting 'depth' of resnet_cifar is %d; allowed: 6n + 2, such as 20, 32, 44, 56, 110"
              .formatted(depth));
    }
  }
}
