package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Conv2d;
import dev.graft.layers.DropPath;
import dev.graft.layers.Dropout;
import dev.graft.layers.LayerNorm;
import dev.graft.layers.Linear;
import dev.graft.layers.Reshape;
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
 * MLP-Mixer in the form of timm: layers that mix patches and layers that mix features, without
 * attention. Groups: {@code stem}, each block, {@code norm} (with the mean over patches), {@code
 * head}. The input size is a setting, since the number of patches is a size of the weights.
 */
public final class MlpMixer implements ModelFamily {

  private static final String ID = "mlp_mixer";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("img_size", 224, 1, 1 << 14, "pixels of a side of the input"),
          Setting.integer("patch_size", 16, 1, 1 << 14, "pixels of a side of a patch"),
          Setting.integer("in_chans", 3, 1, 1024, "colours of the input"),
          Setting.integer("embed_dim", 512, 1, 1 << 16, "features of a patch"),
          Setting.integer("num_blocks", 8, 1, 1000, "blocks"),
          Setting.number("drop_rate", 0, 0, 0.99, "probability in front of the classifier"),
          Setting.number("proj_drop_rate", 0, 0, 0.99, "probability in the blocks"),
          Setting.number("drop_path_rate", 0, 0, 0.99, "probability to drop a branch"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "outputs of the classifier"));

  private static final double EPS = 1e-6;
  private static final double TOKEN_RATIO = 0.5;
  private static final double CHANNEL_RATIO = 4;

  private static final Map<String, Map<String, Object>> ARCHITECTURES = architectures();

  private static Map<String, Map<String, Object>> architectures() {
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    for (int patch : List.of(16, 32)) {
      known.put("mixer_s%d_224".formatted(patch), settings(patch, 512, 8));
      known.put("mixer_b%d_224".formatted(patch), settings(patch, 768, 12));
      known.put("mixer_l%d_224".formatted(patch), settings(patch, 1024, 24));
    }
    return known;
  }

  private static Map<String, Object> settings(int patch, int features, int blocks) {
    return Map.of("patch_size", patch, "embed_dim", features, "num_blocks", blocks);
  }

  @Override
  public About about() {
    return new About(
        ID,
        "MLP-Mixer: linear layers over patches and over features in turn",
        "Tolstikhin et al. 2021, arXiv:2105.01601");
  }

  @Override
  public String modality() {
    return "image";
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    return Published.of(config).spec(ID, Published.TIMM_NAMES, ARCHITECTURES, SETTINGS);
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    int patch = settings.integer("patch_size");
    long side = settings.integer("img_size") / patch;
    long features = settings.integer("embed_dim");
    StagedNetwork network = new StagedNetwork();
    network.stage("stem");
    Conv2d.Spec patches =
        Conv2d.Spec.of(settings.integer("in_chans"), features, patch).stride(patch).bias(true);
    network.place("stem", new PatchEmbedding("proj", new Conv2d(patches)));
    for (int i = 0; i < settings.integer("num_blocks"); i++) {
      network.stage("blocks." + i);
      network.place("blocks." + i, block(settings, side * side, features));
    }
    network.stage("norm");
    network.place("norm", new LayerNorm(features, EPS));
    network.step(x -> x.mean(false, 1));
    network.stage("head");
    network.place("head_drop", new Dropout(settings.number("drop_rate")));
    network.head("head", new Linear(features, settings.integer("num_labels")), features);
    InitialValues.transformer(network);
    return network;
  }

  private static Residual block(Settings settings, long patches, long features) {
    double dropout = settings.number("proj_drop_rate");
    double drop = settings.number("drop_path_rate");
    Residual block = new Residual();
    block.branch(true);
    block.place("norm1", new LayerNorm(features, EPS));
    block.place("to_patches", new Reshape(x -> x.transpose(1, 2)));
    mlp(block.below("mlp_tokens"), patches, (long) (features * TOKEN_RATIO), dropout);
    block.place("to_features", new Reshape(x -> x.transpose(1, 2)));
    block.place("drop_path", new DropPath(drop));
    block.branch(true);
    block.place("norm2", new LayerNorm(features, EPS));
    mlp(block.below("mlp_channels"), features, (long) (features * CHANNEL_RATIO), dropout);
    block.place("drop_path2", new DropPath(drop));
    return block;
  }

  private static void mlp(Places places, long size, long hidden, double dropout) {
    places.place("fc1", new Linear(size, hidden));
    places.place("act", new Activation(Function.GELU));
    places.place("drop1", new Dropout(dropout));
    places.place("fc2", new Linear(hidden, size));
    places.place("drop2", new Dropout(dropout));
  }
}
