package dev.graft.examples.heart;

import dev.graft.Base;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.data.Dataset;
import dev.graft.registry.Registry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Pretrains a table network on the patients of one hospital, adapts it to three others from 20 and
 * 50 labelled patients, and prints how well it ranks the remaining ones, beside the same network
 * trained from scratch on the same rows. Both choose among six recipes by cross-validation on the
 * labelled rows alone.
 *
 * <p>Arguments: the folder with one CSV file per hospital, an empty folder to work in, and, if not
 * 10, the number of seeds.
 */
public final class HeartTransfer {

  private static final List<String> TARGETS = List.of("hungarian", "va", "switzerland");
  private static final List<Integer> LABELLED = List.of(20, 50);

  /** Fewer of one class cannot be spread over training and validation. */
  private static final int LEAST = 2;

  private static final String CONFIG =
      "{\"model_type\": \"table_mlp\", \"width\": 32, \"depth\": 2}";

  private final Path data;
  private final Path work;
  private final Registry registry;
  private final PrintStream out;

  HeartTransfer(Path data, Path work, Registry registry, PrintStream out) {
    this.data = data;
    this.work = work;
    this.registry = registry;
    this.out = out;
  }

  /** Runs everything. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      throw new IllegalArgumentException(
          "Got %d arguments; usage: HeartTransfer DATA WORK [SEEDS]".formatted(args.length));
    }
    Registry registry = Registry.load(HeartTransfer.class.getClassLoader());
    int seeds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
    new HeartTransfer(Path.of(args[0]), Path.of(args[1]), registry, System.out)
        .run(TARGETS, LABELLED, seeds);
  }

  void run(List<String> targets, List<Integer> sizes, int seeds) throws IOException {
    Laboratory laboratory = new Laboratory(pretrained(), registry);
    out.println("hospital | labelled | test | as it is | transferred | from scratch | difference");
    for (String target : targets) {
      Hospital hospital = Hospital.open(data, target, registry);
      for (int size : sizes) {
        compare(laboratory, hospital, size, seeds);
      }
    }
  }

  /** The base: trained on the patients of Cleveland by our own engine. */
  private Base pretrained() throws IOException {
    Path config = Files.createDirectories(work.resolve("config"));
    Files.writeString(config.resolve("config.json"), CONFIG);
    Fitted fitted =
        Graft.with(registry)
            .transfer(config, data.resolve("cleveland.csv"))
            .format("csv", Map.of("positive", "num>0", "missing", "?,chol=0"))
            .method("from-scratch:augmentation=mask:lr=0.003:epochs=100")
            .seed(1)
            .fit(work.resolve("base"));
    out.printf(
        Locale.ROOT,
        "cleveland: AUC %.3f on %s%n",
        fitted.result().test().get("roc_auc"),
        "a fifth of its patients that training never saw");
    return Base.open(work.resolve("base/bundle"), Map.of(), registry);
  }

  private void compare(Laboratory laboratory, Hospital hospital, int size, int seeds) {
    double[][] areas = new double[3][seeds];
    for (int seed = 0; seed < seeds; seed++) {
      int[] rows = hospital.labelled(size, LEAST, seed);
      Dataset labelled = hospital.patients().subset(rows);
      Dataset test = hospital.patients().subset(hospital.others(rows));
      areas[0][seed] = laboratory.unadapted(test);
      areas[1][seed] = area(laboratory, Recipe.transferred(), seed, labelled, test);
      areas[2][seed] = area(laboratory, Recipe.fromScratch(), seed, labelled, test);
    }
    double[] gain = new double[seeds];
    Arrays.setAll(gain, seed -> areas[1][seed] - areas[2][seed]);
    out.printf(
        "%s | %d | %d | %s | %s | %s | %s%n",
        hospital.name(),
        size,
        hospital.patients().size() - size,
        summary(areas[0]),
        summary(areas[1]),
        summary(areas[2]),
        summary(gain));
  }

  private static double area(
      Laboratory laboratory, List<Recipe> recipes, long seed, Dataset labelled, Dataset test) {
    Recipe chosen = laboratory.chosen(recipes, seed, labelled);
    return laboratory.train(chosen, seed, labelled, test).test().get("roc_auc");
  }

  /** Mean and standard deviation over seeds. */
  private static String summary(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(value -> Math.pow(value - mean, 2)).sum();
    return String.format(
        Locale.ROOT, "%.3f ± %.3f", mean, Math.sqrt(squares / Math.max(1, values.length - 1)));
  }
}
