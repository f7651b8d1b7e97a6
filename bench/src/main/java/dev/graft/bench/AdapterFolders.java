package dev.graft.bench;

import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.ScratchFolder;
import dev.graft.bundle.Bundle;
import dev.graft.internal.Json;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An encoder of texts with random weights, and bundles made from it. */
public final class AdapterFolders implements AutoCloseable {

  private static final int WORDS = 2000;

  private final ScratchFolder folder = ScratchFolder.create("graft-adapters");
  private final Graft graft;

  /**
   * Writes a base and a few texts.
   *
   * @param layers number of blocks
   * @param width features, a multiple of 32
   */
  public AdapterFolders(Registry registry, int layers, int width) throws IOException {
    graft = Graft.with(registry);
    publish(registry, layers, width);
    Files.createDirectories(data());
    Files.writeString(
        data().resolve("train.tsv"),
        "text\tlabel\n"
            + IntStream.range(0, 40)
                .mapToObj(i -> text(i) + "\t" + (i % 2 == 0 ? "even" : "odd"))
                .collect(Collectors.joining("\n")));
  }

  /** A text of eight tokens, the two around it included. */
  public static String text(int number) {
    return text(number, 8);
  }

  /** A text of so many tokens, the two around it included. */
  public static String text(int number, int tokens) {
    return IntStream.range(0, tokens - 2)
        .mapToObj(i -> word((number * 31 + i * 7) % (WORDS - 10) + 5))
        .collect(Collectors.joining(" "));
  }

  private static String word(int number) {
    return "w" + number;
  }

  private void publish(Registry registry, int layers, int width) throws IOException {
    Map<String, Object> config = Networks.encoder(layers, width, WORDS);
    Path base = Files.createDirectories(base());
    Files.write(base.resolve("config.json"), Json.write(config));
    Files.writeString(
        base.resolve("vocab.txt"),
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"
            + IntStream.range(5, WORDS)
                .mapToObj(AdapterFolders::word)
                .collect(Collectors.joining("\n")));
    RandomState.seed(1);
    ModelSpec spec = registry.modelSpec(config);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    try (Model model = new Model(spec, registry.get(ModelFamily.class, spec.family()).build(spec));
        Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> tensors.put(name, tensor.detach().toHost()));
    }
    Weights.of(tensors).save(base.resolve("model.safetensors"));
  }

  /** The base. */
  public Path base() {
    return folder.path("bases").resolve("base");
  }

  /** A few texts with labels. */
  public Path data() {
    return folder.path("data").resolve("texts");
  }

  /** A bundle of what a method changes after one pass over the data. */
  public Path fitted(String method) throws IOException {
    Path run = folder.path(method.replaceAll("[^a-z]", "-"));
    Fitted fitted = graft.transfer(base(), data()).method(method).fit(run);
    Path target = run.resolveSibling(run.getFileName() + "-changes");
    return graft.withoutBase(fitted.bundle().orElseThrow().folder(), base(), target).folder();
  }

  /** Where {@link #variant} writes. */
  public Path variants() {
    return folder.path("adapters");
  }

  /** A whole bundle of a name, in a folder of its own, with a new head. */
  public Path whole(String name) throws IOException {
    Path target = folder.path("models").resolve(name);
    graft.withBase(fitted("linear-probe"), base(), target);
    return target;
  }

  /** The same bundle with other values in its adapters, number by number. */
  public Path variant(Path bundle, int number) throws IOException {
    Bundle read = Bundle.open(bundle);
    Weights stored = read.stored();
    RandomState.seed(number);
    Map<String, HostTensor> other = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      for (String name : stored.names()) {
        Tensor values = Tensor.of(stored.get(name));
        boolean adapter = name.contains("lora_");
        other.put(
            name, adapter ? Tensor.randn(values.shape()).mul(0.05).toHost() : stored.get(name));
      }
    }
    Path target = folder.path("adapters").resolve("adapter-" + number);
    return Bundle.writeChanges(
            target, read.manifest(), Weights.of(other, stored.metadata()), read.otherFiles())
        .folder();
  }

  /** With the plugins it was made with. */
  public Graft graft() {
    return graft;
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
