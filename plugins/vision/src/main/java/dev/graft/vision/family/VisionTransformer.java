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
 * Vision transformers with a class token, ViT and DeiT, in the form of timm, of transformers or of
 * torchvision.
 *
 * <p>Groups: the patches with class token and positions, each block, the last normalisation, {@code
 * head}; the first ones have their library's names. The features are the class token after the last
 * normalisation. The input size is a setting, since each patch has a position of its own.
 */
public final class VisionTransformer implements ModelFamily {

  private static final String ID = "vit";

  static final String TIMM = "timm";
  static final String HUGGING_FACE = "huggingface";
  static final String TORCHVISION = "torchvision";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("image_size", 224, 1, 1 << 14, "pixels of a side of the input"),
          Setting.integer("patch_size", 16, 1, 1 << 14, "pixels of a side of a patch"),
          Setting.integer("num_channels", 3, 1, 1024, "colours of the input"),
          Setting.integer("hidden_size", 768, 1, 1 << 16, "features of a token"),
          Setting.integer("num_hidden_layers", 12, 1, 1000, "blocks"),
          Setting.integer("num_attention_heads", 12, 1, 1024, "heads of an attention"),
          Setting.integer("intermediate_size", 3072, 1, 1 << 18, "hidden features of a block"),
          Setting.text("hidden_act", "gelu", List.of("gelu", "relu", "silu"), "in the blocks"),
          Setting.flag("qkv_bias", true, "whether queries, keys and values have a bias"),
          Setting.number("layer_norm_eps", 1e-6, 0, 1, "added to the variance"),
          Setting.number("position_dropout", 0, 0, 0.99, "probability behind the positions"),
          Setting.number("hidden_dropout_prob", 0, 0, 0.99, "probability in the blocks"),
          Setting.number("attention_probs_dropout_prob", 0, 0, 0.99, "of attention weights"),
          Setting.number("drop_path_rate", 0, 0, 0.99, "probability to drop the last block"),
          Setting.number("classifier_dropout", 0, 0, 0.99, "in front of the classifier"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "outputs of the classifier"),
          Setting.text(
              "parameter_names",
              TIMM,
              List.of(TIMM, HUGGING_FACE, TORCHVISION),
              "whose form and names the weights have"));

  private static final Map<String, String> TIMM_ARGUMENTS =
      Map.ofEntries(
          Map.entry("img_size", "image_size"),
          Map.entry("in_chans", "num_channels"),
          Map.entry("embed_dim", "hidden_size"),
          Map.entry("depth", "num_hidden_layers"),
          Map.entry("num_heads", "num_attention_heads"),
          Map.entry("drop_rate", "classifier_dropout"),
          Map.entry("pos_drop_rate", "position_dropout"),
          Map.entry("proj_drop_rate", "hidden_dropout_prob"),
          Map.entry("attn_drop_rate", "attention_probs_dropout_prob"));

  private static final Map<String, Map<String, Object>> TIMM_ARCHITECTURES = timm();
  private static final Map<String, Map<String, Object>> TORCHVISION_ARCHITECTURES = torchvision();

  private static Map<String, Map<String, Object>> timm() {
    Map<String, Map<String, Object>> sizes =
        Map.of(
            "tiny", size(192, 12, 3),
            "small", size(384, 12, 6),
            "base", size(768, 12, 12),
            "large", size(1024, 24, 16),
            "huge", size(1280, 32, 16));
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    sizes.forEach(
        (name, size) -> {
          for (int patch : List.of(8, 14, 16, 32)) {
            for (int image : List.of(224, 384)) {
              Map<String, Object> settings = new LinkedHashMap<>(size);
              settings.put("patch_size", patch);
              settings.put("image_size", image);
              settings.put("parameter_names", TIMM);
              known.put("vit_%s_patch%d_%d".formatted(name, patch, image), settings);
              known.put("deit_%s_patch%d_%d".formatted(name, patch, image), settings);
            }
          }
        });
    return known;
  }

  private static Map<String, Map<String, Object>> torchvision() {
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    known.put("vit_b_16", size(768, 12, 12));
    known.put("vit_b_32", size(768, 12, 12));
    known.put("vit_l_16", size(1024, 24, 16));
    known.put("vit_l_32", size(1024, 24, 16));
    known.put("vit_h_14", size(1280, 32, 16));
    known.forEach(
        (name, settings) -> {
          settings.put("patch_size", Integer.valueOf(name.substring(name.length() - 2)));
          settings.put("parameter_names", TORCHVISION);
        });
    return known;
  }

  private static Map<String, Object> size(int features, int blocks, int heads) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("hidden_size", features);
    settings.put("num_hidden_layers", blocks);
    settings.put("num_attention_heads", heads);
    settings.put("intermediate_size", 4 * features);
    return settings;
  }

  @Override
  public About about() {
    return new About(
        ID,
        "vision transformers with a class token: ViT, DeiT",
        "Dosovitskiy et al. 2021, arXiv:2010.11929; Touvron et al. 2021, arXiv:2012.12877");
  }

  @Override
  public String modality() {
    return "image";
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    Published published = Published.of(config);
    return switch (published.origin()) {
      case CONFIG -> transformers(published).spec(ID, List.of(), Map.of(), SETTINGS);
      case TORCHVISION ->
          shared(
                  published.renamed(
                      Map.of(
                          "dropout", "hidden_dropout_prob",
                          "attention_dropout", "attention_probs_dropout_prob")))
              .spec(ID, Published.COMMON, TORCHVISION_ARCHITECTURES, SETTINGS);
      default ->
          widened(published.renamed(TIMM_ARGUMENTS))
              .spec(ID, Published.TIMM_NAMES, TIMM_ARCHITECTURES, SETTINGS);
    };
  }

  /** A file of transformers holds more than what shapes the network; ours says whose names. */
  private static Published transformers(Published published) {
    if (published.arguments().containsKey("parameter_names")) {
      return published;
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("parameter_names", HUGGING_FACE);
    settings.put("layer_norm_eps", 1e-12);
    settings.put("num_labels", 2);
    for (Setting setting : SETTINGS) {
      if (published.arguments().containsKey(setting.key())) {
        settings.put(setting.key(), published.arguments().get(setting.key()));
      }
    }
    return shared(new Published(published.origin(), published.name(), settings));
  }

  /** Transformers and torchvision have one dropout for positions and blocks. */
  private static Published shared(Published published) {
    Map<String, Object> settings = new LinkedHashMap<>(published.arguments());
    if (settings.containsKey("hidden_dropout_prob")) {
      settings.put("position_dropout", settings.get("hidden_dropout_prob"));
    }
    return new Published(published.origin(), published.name(), settings);
  }

  /** Timm gives the hidden features of a block as a multiple, 4 unless told otherwise. */
  private static Published widened(Published published) {
    Map<String, Object> settings = new LinkedHashMap<>(published.arguments());
    Object ratio = settings.remove("mlp_ratio");
    Object features =
        settings.getOrDefault(
            "hidden_size",
            TIMM_ARCHITECTURES.getOrDefault(published.name(), Map.of()).get("hidden_size"));
    if (features instanceof Number width && (ratio == null || ratio instanceof Number)) {
      double factor = ratio == null ? 4 : ((Number) ratio).doubleValue();
      settings.put("intermediate_size", (int) (width.intValue() * factor));
    }
    return new Published(published.origin(), published.name(), settings);
  }

  @Override
  public Network build(ModelSpec spec) {
    return VisionTransformerNetwork.build(new Settings(spec.settings()).checked(ID, SETTINGS));
  }
}
