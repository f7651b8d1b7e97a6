package dev.graft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures in turn, round by round, and prints each comparison as the ratio of the median times.
 * Takes JMH's own options; the pattern says which benchmarks, {@code -f} how many rounds.
 */
public final class Main {

  private static final int ROUNDS = 3;

  private final Map<String, List<Double>> scores = new LinkedHashMap<>();

  private Main() {}

  /** Runs the benchmarks. */
  public static void main(String[] args)
      throws RunnerException, CommandLineOptionException, IOException {
    CommandLineOptions given = new CommandLineOptions(args);
    Main main = new Main();
    for (int round = 0; round < given.getForkCount().orElse(ROUNDS); round++) {
      OptionsBuilder one = new OptionsBuilder();
      one.parent(given).forks(1).verbosity(VerboseMode.SILENT).shouldFailOnError(true);
      main.add(new Runner(one.build()).run());
    }
    System.out.print(main.report());
  }

  private void add(Collection<RunResult> results) {
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1");
      double score = result.getPrimaryResult().getScore();
      scores.computeIfAbsent(name, key -> new ArrayList<>()).add(score);
      System.err.printf(
          Locale.ROOT, "%s: %.2f %s%n", name, score, result.getPrimaryResult().getScoreUnit());
    }
  }

  private String report() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("%s, %d cores, Java %s%n%n".formatted(processor(), cores(), Runtime.version()));
    text.append("| benchmark | median, ms | of each round |\n| --- | --- | --- |\n");
    scores.forEach(
        (name, values) ->
            text.append(
                String.format(
                    Locale.ROOT, "| %s | %.2f | %s |%n", name, median(values), listed(values))));
    text.append("\n| comparison | ratio | target |\n| --- | --- | --- |\n");
    for (Ratio ratio : Ratio.ALL) {
      if (scores.containsKey(ratio.of()) && scores.containsKey(ratio.to())) {
        double value = median(scores.get(ratio.of())) / median(scores.get(ratio.to()));
        text.append(
            String.format(
                Locale.ROOT,
                "| %s / %s | %.3f | %s |%n",
                ratio.of(),
                ratio.to(),
                value,
                ratio.target()));
      }
    }
    return text.toString();
  }

  private static String listed(List<Double> values) {
    return String.join(
        ", ", values.stream().map(v -> String.format(Locale.ROOT, "%.2f", v)).toList());
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String processor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(info).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }
}
