package dev.graft.cli;

import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.Transfer;
import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job on data and a base that come with the project. */
@Command(
    name = "demo",
    description = "Show what transfer buys, on data and a base model that come with the project.",
    footer = "%nExample: graft demo",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  private static final List<String> METHODS = List.of("from-scratch", "linear-probe", "lp-ft");
  private static final int SHOWN = 5;

  @Mixin private Output output;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = "${sys:graft.home:-.}",
      description = "Folder of the project. Default: where the graft script stands.")
  private Path home;

  @Option(
      names = "--k-per-class",
      paramLabel = "K",
      defaultValue = "10",
      description = "Labelled images per class. Default: ${DEFAULT-VALUE}.")
  private int perClass;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "graft-demo",
      description =
          "Folder of the runs; a numbered one beside it if it exists. Default: graft-demo.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Path base = home.resolve("examples/demo/glyphs-base");
    Path data = home.resolve("examples/demo/glyphs-target");
    Path folder = fresh(out);
    output.say(
        "A network that knows Latin letters and digits learns 15 Greek letters from %d images each."
            .formatted(perClass));
    Graft graft = Graft.create();
    Transfer transfer = graft.transfer(base, data).perClass(perClass).seed(1);
    List<Comparison.Row> rows = new ArrayList<>();
    Fitted last = null;
    for (String method : METHODS) {
      output.say(method + " ...");
      last = transfer.method(method).fit(folder.resolve(method.split(":")[0]));
      rows.add(Comparison.Row.of(method, List.of(FitSummary.of(last))));
    }
    Comparison comparison = new Comparison(List.of(1L), rows);
    Path bundle = last.bundle().orElseThrow().folder();
    List<Prediction> predictions = predict(graft, bundle, data);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("comparison", comparison);
    result.put("bundle", bundle.toString());
    result.put("predictions", predictions);
    output.print(
        result,
        writer -> {
          writer.print(comparison.markdown());
          writer.println();
          writer.println("The bundle of the last one, read back, on images it has never seen:");
          predictions.forEach(
              p ->
                  writer.println(
                      String.format(
                          Locale.ROOT,
                          "  %-28s %-10s %5.1f %%",
                          p.id(),
                          p.label(),
                          100 * p.top().get(0).probability())));
          writer.println("Open " + bundle.resolve("report.html") + " in a browser.");
        });
    return 0;
  }

  private static Path fresh(Path wanted) {
    Path folder = wanted;
    for (int i = 2; Files.exists(folder); i++) {
      folder = wanted.resolveSibling(wanted.getFileName() + "-" + i);
    }
    return folder;
  }

  /** A few images of the test part, one class after another, with their true class in the name. */
  private static List<Prediction> predict(Graft graft, Path bundle, Path data) throws IOException {
    DataParts parts = dev.graft.DataFolder.open(data, "", Map.of(), graft.registry());
    Dataset test = parts.test().orElseThrow();
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < SHOWN; i++) {
      int index = i * test.size() / SHOWN;
      String truth = test.classes().get((int) test.target(index));
      Example example = test.load(index);
      examples.add(new Example(example.id() + " (" + truth + ")", example.values()));
    }
    try (Predictor predictor = graft.predictor(bundle)) {
      return predictor.predictExamples(examples, 3);
    }
  }
}
