package dev.graft.vision.family;

import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.model.ModelSpec;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What MobileNet versions 1 and 2 have in common: their settings and their heads. */
final class MobileNetSettings {

  static final String FOLDED = "folded";
  static final String TF_SCOPE = "tf_scope";
  static final String HUGGING_FACE = "huggingface";
  static final String TORCHVISION = "torchvision";

  /** What TensorFlow's networks add to the variance, no unit. */
  static final double TF_EPS = 1e-3;

  /** ImageNet's classes and the background, as TensorFlow counts them. */
  private static final int TF_IMAGENET_LABELS = 1001;

  private static final String NAMES = "parameter_names";
  private static final String EPS = "norm_eps";
  private static final String CLASSIFIER = "classifier";
  private static final String NORMALISATION = "normalisation";
  private static final String PADDING = "padding";
  private static final String CONVOLUTION = "convolution";

  /** Keys of transformers with the one value that is built. */
  private static final Map<String, Object> ONLY =
      Map.of(
          "hidden_act", "relu6",
          "output_stride", 32,
          "num_channels", 3,
          "min_depth", 8,
          "depth_divisible_by", 8,
          "expand_ratio", 6,
          "first_layer_is_expansion", true,
          "finegrained_output", true);

  private MobileNetSettings() {}

  /** The settings; {@code names} are the parameter names that a version knows. */
  static List<Setting> known(List<String> names, double eps) {
    return List.of(
        Setting.number("depth_multiplier", 1, 0.1, 4, "factor of all numbers of channels"),
        Setting.integer("num_labels", 1000, 1, 1_000_000, "outputs of the classifier"),
        Setting.text(
            NORMALISATION,
            "batch_norm",
            List.of("batch_norm", FOLDED),
            "normalisation layers, or folded into weights and biases"),
        Setting.number(EPS, eps, 0, 1, "added to the variance"),
        Setting.text(
            PADDING,
            "symmetric",
            List.of("symmetric", "tf_same"),
            "zeros on both sides alike, or as TensorFlow does"),
        Setting.text(NAMES, names.get(0), names, "whose names the weights carry"),
        Setting.text(
            CLASSIFIER,
            "linear",
            List.of("linear", CONVOLUTION),
            "the published head: a linear layer or a 1 x 1 convolution"),
        Setting.number("dropout", 0.2, 0, 0.99, "probability in front of the classifier"));
  }

  /**
   * Completes a {@code config.json}, ours or that of transformers; what was not published as one
   * stays as it is.
   *
   * <p>Which head TensorFlow's networks have is not in the file where nobody wrote {@code
   * classifier}: ImageNet's has the 1 x 1 convolution of slim, all others known have been given a
   * linear layer.
   */
  static Published read(Published published, String id) {
    if (published.origin() != Published.Origin.CONFIG || !published.name().equals(id)) {
      return published;
    }
    Map<String, Object> given = published.arguments();
    Map<String, Object> settings =
        given.containsKey(NAMES) ? new LinkedHashMap<>(given) : transformers(id, given);
    if (!settings.get(NAMES).equals(TORCHVISION)) {
      settings.putIfAbsent(EPS, TF_EPS);
    }
    if (settings.get(NAMES).equals(TF_SCOPE)
        && settings.get("num_labels") instanceof Number labels
        && labels.intValue() == TF_IMAGENET_LABELS) {
      settings.putIfAbsent(CLASSIFIER, CONVOLUTION);
    }
    return new Published(published.origin(), id, settings);
  }

  /**
   * What shapes the network in a file that transformers wrote, which holds much more. Its dropout
   * is left aside: it is the probability to keep.
   */
  private static Map<String, Object> transformers(String id, Map<String, Object> given) {
    ONLY.forEach(
        (key, value) -> {
          Object actual = given.get(key);
          if (actual != null && !same(actual, value)) {
            throw new IllegalArgumentException(
                "'%s' of this %s is %s; only %s is built".formatted(key, id, actual, value));
          }
        });
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(NAMES, HUGGING_FACE);
    settings.put(PADDING, Boolean.FALSE.equals(given.get("tf_padding")) ? "symmetric" : "tf_same");
    settings.put("depth_multiplier", given.getOrDefault("depth_multiplier", 1));
    settings.put("num_labels", given.getOrDefault("num_labels", 2));
    settings.put(EPS, given.getOrDefault("layer_norm_eps", TF_EPS));
    return settings;
  }

  private static boolean same(Object a, Object b) {
    return (a instanceof Number x && b instanceof Number y)
        ? x.doubleValue() == y.doubleValue()
        : a.equals(b);
  }

  /** The form with normalisation layers. */
  static ModelSpec trainable(ModelSpec spec) {
    return FOLDED.equals(spec.settings().get(NORMALISATION))
        ? spec.with(NORMALISATION, "batch_norm")
        : spec;
  }

  /**
   * Padding and normalisation. The running statistics move by PyTorch's tenth: TensorFlow's 0.0003
   * is for millions of steps.
   */
  static ConvUnit.Style style(Settings settings) {
    return new ConvUnit.Style(
        settings.text(NORMALISATION).equals(FOLDED),
        settings.text(PADDING).equals("tf_same"),
        settings.number(EPS),
        ConvUnit.Style.DEFAULT.momentum());
  }

  /** The published classifier. */
  static Layer classifier(Settings settings, long features) {
    int labels = settings.integer("num_labels");
    return settings.text(CLASSIFIER).equals(CONVOLUTION)
        ? new ConvolutionHead(features, labels)
        : new Linear(features, labels);
  }

  /** Slim's classifier, a 1 × 1 convolution named {@code Conv2d_1c_1x1}: (N, D) to (N, K). */
  private static final class ConvolutionHead extends Layer {

    ConvolutionHead(long features, long labels) {
      child("Conv2d_1c_1x1", new Conv2d(Conv2d.Spec.of(features, labels, 1).bias(true)));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor map = x.reshape(x.size(0), x.size(1), 1, 1);
      return children().get("Conv2d_1c_1x1").apply(map).flatten(1);
    }
  }
}
