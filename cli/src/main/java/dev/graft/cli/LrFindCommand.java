package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.report.RangeTest;
import dev.graft.report.RateCurve.Point;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds a learning rate. */
@Command(
    name = "lr-find",
    description = "Suggest a learning rate by a range test of 100 updates; nothing is kept of it.",
    footer = "%nExample: graft lr-find --base models/resnet20 --data flowers --method fine-tune",
    mixinStandardHelpOptions = true)
final class LrFindCommand implements Callable<Integer> {

  /** Updates between two lines of the table. */
  private static final int EVERY = 5;

  /** Length of the longest bar of the table, in characters. */
  private static final int BAR = 40;

  @Mixin private TransferOptions options;
  @Mixin private Output output;

  @Option(
      names = "--method",
      paramLabel = "METHODS",
      defaultValue = "fine-tune",
      description = "Methods as fit takes them. Default: ${DEFAULT-VALUE}.")
  private String method;

  @Option(
      names = "--phase",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "Phase of the plan; those before it are carried out first. Default: the first that"
              + " trains by updates.")
  private String phase;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the split and of everything random. Default: 0.")
  private long seed;

  @Override
  public Integer call() throws IOException {
    RangeTest found;
    try (ProgressDisplay display = ProgressDisplay.onStandardError()) {
      found =
          options
              .transfer(Graft.create())
              .method(method)
              .seed(seed)
              .listener(display)
              .findLearningRate(phase);
    }
    output.print(result(found), out -> print(out, found));
    return 0;
  }

  private static Map<String, Object> result(RangeTest found) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("phase", found.phase());
    result.put("suggestion", found.suggestion());
    result.put("suggestions", found.curve().suggestions());
    result.put("diverged", found.diverged());
    result.put("points", found.points());
    return result;
  }

  private static void print(PrintWriter out, RangeTest found) {
    List<Point> points = found.points();
    double most = points.stream().mapToDouble(Point::loss).max().orElseThrow();
    out.printf("phase %s%n%n%-12s%10s%n", found.phase(), "rate", "loss");
    for (int i = 0; i < points.size(); i += EVERY) {
      Point point = points.get(i);
      String bar = "#".repeat((int) Math.round(BAR * Math.max(0, point.loss()) / most));
      out.println(String.format(Locale.ROOT, "%-12.2e%10.4f  %s", point.rate(), point.loss(), bar));
    }
    out.println();
    found
        .curve()
        .suggestions()
        .forEach((name, rate) -> out.println(String.format(Locale.ROOT, "%-12s%.1e", name, rate)));
    out.println(
        String.format(
            Locale.ROOT,
            "%nSuggested: lr=%.1e (valley), before factors of groups",
            found.suggestion()));
  }
}
