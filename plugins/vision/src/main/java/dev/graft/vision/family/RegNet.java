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
 * RegNet X and Y, networks whose widths grow linearly with depth, in the form of torchvision or of
 * timm. Groups: {@code stem}, {@code stage1} to {@code stage4}, {@code head}.
 */
public final class RegNet implements ModelFamily {

  private static final String ID = "regnet";

  static final String TORCHVISION = "torchvision";
  static final String TIMM = "timm";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("depth", 22, 1, 1000, "blocks"),
          Setting.integer("w_0", 24, 8, 1 << 14, "channels of the first block, before rounding"),
          Setting.number("w_a", 24.48, 0, 1 << 14, "channels that each block adds"),
          Setting.number("w_m", 2.54, 1.001, 100, "factor between the widths of stages"),
          Setting.integer("group_width", 16, 1, 1 << 14, "channels of a group of a convolution"),
          Setting.number("se_ratio", 0, 0, 1, "hidden channels of the gates by those of the input"),
          Setting.number("dropout", 0, 0, 0.99, "probability in front of the classifier"),
          Setting.integer("num_labels", 1000, 1, 1_000_000, "outputs of the classifier"),
          Setting.text(
              "parameter_names",
              TORCHVISION,
              List.of(TORCHVISION, TIMM),
              "whose form and names the weights have"));

  /** Depth, w_0, w_a, w_m and group width of the X networks, by torchvision's and timm's names. */
  private static final Map<String, double[]> X =
      Map.ofEntries(
          Map.entry("002", new double[] {13, 24, 36.44, 2.49, 8}),
          Map.entry("400mf 004", new double[] {22, 24, 24.48, 2.54, 16}),
          Map.entry("006", new double[] {16, 48, 36.97, 2.24, 24}),
          Map.entry("800mf 008", new double[] {16, 56, 35.73, 2.28, 16}),
          Map.entry("1_6gf 016", new double[] {18, 80, 34.01, 2.25, 24}),
          Map.entry("3_2gf 032", new double[] {25, 88, 26.31, 2.25, 48}),
          Map.entry("040", new double[] {23, 96, 38.65, 2.43, 40}),
          Map.entry("064", new double[] {17, 184, 60.83, 2.07, 56}),
          Map.entry("8gf 080", new double[] {23, 80, 49.56, 2.88, 120}),
          Map.entry("120", new double[] {19, 168, 73.36, 2.37, 112}),
          Map.entry("16gf 160", new double[] {22, 216, 55.59, 2.1, 128}),
          Map.entry("32gf 320", new double[] {23, 320, 69.86, 2.0, 168}));

  /** The same of the Y networks, which have gates. */
  private static final Map<String, double[]> Y =
      Map.ofEntries(
          Map.entry("002", new double[] {13, 24, 36.44, 2.49, 8}),
          Map.entry("400mf 004", new double[] {16, 48, 27.89, 2.09, 8}),
          Map.entry("006", new double[] {15, 48, 32.54, 2.32, 16}),
          Map.entry("800mf 008", new double[] {14, 56, 38.84, 2.4, 16}),
          Map.entry("1_6gf 016", new double[] {27, 48, 20.71, 2.65, 24}),
          Map.entry("3_2gf 032", new double[] {21, 80, 42.63, 2.66, 24}),
          Map.entry("040", new double[] {22, 96, 31.41, 2.24, 64}),
          Map.entry("064", new double[] {25, 112, 33.22, 2.27, 72}),
          Map.entry("8gf 080", new double[] {17, 192, 76.82, 2.19, 56}),
          Map.entry("120", new double[] {19, 168, 73.36, 2.37, 112}),
          Map.entry("16gf 160", new double[] {18, 200, 106.23, 2.48, 112}),
          Map.entry("32gf 320", new double[] {20, 232, 115.89, 2.53, 232}));

  private static final double GATES = 0.25;

  private static final Published.Libraries LIBRARIES =
      new Published.Libraries(
          architectures(TORCHVISION), architectures(TIMM), Map.of("drop_rate", "dropout"));

  private static Map<String, Map<String, Object>> architectures(String library) {
    Map<String, Map<String, Object>> known = new LinkedHashMap<>();
    X.forEach((names, numbers) -> known.put(name(library, "x", names), settings(numbers, 0)));
    Y.forEach((names, numbers) -> known.put(name(library, "y", names), settings(numbers, GATES)));
    known.remove("");
    known.values().forEach(settings -> settings.put("parameter_names", library));
    return known;
  }

  /** The name that a library has for a network; empty where it has none. */
  private static String name(String library, String kind, String names) {
    int split = names.indexOf(' ');
    if (library.equals(TIMM)) {
      return "regnet%s_%s".formatted(kind, names.substring(split + 1));
    }
    return split < 0 ? "" : "regnet_%s_%s".formatted(kind, names.substring(0, split));
  }

  private static Map<String, Object> settings(double[] numbers, double gates) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("depth", numbers[0]);
    settings.put("w_0", numbers[1]);
    settings.put("w_a", numbers[2]);
    settings.put("w_m", numbers[3]);
    settings.put("group_width", numbers[4]);
    settings.put("se_ratio", gates);
    return settings;
  }

  @Override
  public About about() {
    return new About(
        ID,
        "RegNet X and Y: residual networks whose widths follow one line",
        "Radosavovic et al. 2020, arXiv:2003.13678");
  }

  @Override
  public String modality() {
    return "image";
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    return Published.of(config).spec(ID, LIBRARIES, SETTINGS);
  }

  @Override
  public Network build(ModelSpec spec) {
    return RegNetNetwork.build(new Settings(spec.settings()).checked(ID, SETTINGS));
  }
}
