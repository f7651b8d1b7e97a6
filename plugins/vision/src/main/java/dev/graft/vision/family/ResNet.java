package dev.graft.vision.family;

import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Residual networks for images of 224 pixels, in the form and with the parameter names of
 * torchvision: ResNet-18 to -152, wide ResNets and ResNeXt.
 */
public final class ResNet implements ModelFamily {

  private static final String ID = "resnet";

  /** Number of blocks in each of the four stages. */
  private static final Map<Integer, List<Integer>> BLOCKS =
      Map.of(
          18, List.of(2, 2, 2, 2),
          34, List.of(3, 4, 6, 3),
          50, List.of(3, 4, 6, 3),
          101, List.of(3, 4, 23, 3),
          152, List.of(3, 8, 36, 3));

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("depth", 50, 18, 152, "layers: 18, 34, 50, 101 or 152"),
          Setting.integer("groups", 1, 1, 1024, "blocks of channels in the 3x3 convolutions"),
          Setting.integer("width_per_group", 64, 1, 1024, "channels of a block in the first stage"),
          Setting.flag(
              "zero_init_residual", false, "start each residual branch at zero when training anew"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "classes"));

  private static final Map<String, Map<String, Object>> ARCHITECTURES = architectures();

  private static Map<String, Map<String, Object>> architectures() {
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    BLOCKS.keySet().forEach(depth -> known.put("resnet" + depth, Map.of("depth", depth)));
    known.put("wide_resnet50_2", Map.of("depth", 50, "width_per_group", 128));
    known.put("wide_resnet101_2", Map.of("depth", 101, "width_per_group", 128));
    known.put("resnext50_32x4d", Map.of("depth", 50, "groups", 32, "width_per_group", 4));
    known.put("resnext101_32x8d", Map.of("depth", 101, "groups", 32, "width_per_group", 8));
    known.put("resnext101_64x4d", Map.of("depth", 101, "groups", 64, "width_per_group", 4));
    return known;
  }

  @Override
  public About about() {
    return new About(
        ID,
        "residual networks: ResNet-18 to -152, wide ResNet, ResNeXt",
        "He et al. 2016, arXiv:1512.03385; Xie et al. 2017, arXiv:1611.05431; Zagoruyko and"
            + " Komodakis 2016, arXiv:1605.07146");
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
    int depth = settings.integer("depth");
    return ResNetNetwork.of(
        new ResNetNetwork.Shape(
            BLOCKS.get(depth),
            depth >= 50,
            settings.integer("groups"),
            settings.integer("width_per_group")),
        settings.integer("num_labels"),
        settings.flag("zero_init_residual"));
  }

  @Override
  public String modality() {
    return "image";
  }

  /** Refuses what the single bounds allow but no published network has. */
  private static void check(Settings settings) {
    int depth = settings.integer("depth");
    int groups = settings.integer("groups");
    int width = settings.integer("width_per_group");
    if (!BLOCKS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "setting 'depth' of resnet is %d; allowed: 18, 34, 50, 101 or 152".formatted(depth));
    }
    if (depth < 50 && (groups != 1 || width != 64)) {
      throw new IllegalArgumentException(
          "resnet of depth %d has groups 1 and width_per_group 64 only, not %d and %d; use depth 50"
              .formatted(depth, groups, width));
    }
  }
}
