package dev.graft.train;

import dev.graft.data.Dataset;
import dev.graft.data.EvalTransform;
import dev.graft.data.ExampleReader;
import dev.graft.internal.Json;
import dev.graft.plan.Phase;
import dev.graft.plan.Regime;
import dev.graft.plan.Stream;
import dev.graft.spi.Companion;
import dev.graft.spi.Step;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A companion in one phase: runs on what the model that trains was given, once per micro-batch.
 * Where every view of a stream is the deterministic path, nothing it says can change: it goes over
 * the data set once, in order, and its outputs are read from a cache on disk from then on.
 */
final class CompanionView implements Companion.View {

  /** Outputs larger than this are not kept. */
  private static final long MOST_BYTES = 4L << 30;

  private static final String OUTPUT = "output";
  private static final String TAP = "tap";

  private final RunContext context;
  private final Phase phase;
  private final String name;
  private final Companion companion;
  private final Listening listening;
  private final Map<Integer, Optional<FeatureCache>> caches = new LinkedHashMap<>();
  private NamedTensors newestInputs;
  private Companion.Seen newest;

  CompanionView(RunContext context, Phase phase, String name) {
    this.context = context;
    this.phase = phase;
    this.name = name;
    this.companion = context.companion(name);
    this.listening = new Listening(companion.model(), false);
  }

  /** Listens to more modules; before the first batch. */
  void listen(List<String> taps) {
    listening.add(taps);
  }

  @Override
  public Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      run(sample(context, phase)).taps().forEach((path, tap) -> shapes.put(path, tap.shape()));
    }
    return shapes;
  }

  /** The first example of a phase that can be read, as model inputs. */
  static NamedTensors sample(RunContext context, Phase phase) {
    Dataset data = context.data(phase.streams().get(0).data());
    Feed.Batches one = inOrder(context, data, 1);
    while (one.hasNext()) {
      Feed.Loaded loaded = one.next();
      if (loaded != null) {
        return loaded.inputs();
      }
    }
    throw new IllegalArgumentException("none of the examples of the training part can be read");
  }

  private static Feed.Batches inOrder(RunContext context, Dataset data, int batch) {
    EvalTransform transform = context.job().preprocessing().evalTransform();
    return new Feed(data, null, null, context.job().preprocessing(), context.reader())
        .batches(
            ExampleReader.batches(ExampleReader.inOrder(data.size()), batch),
            (example, index) -> transform.apply(example));
  }

  @Override
  public Companion.Seen see(Step step, int stream) {
    Step.Part part = step.batches().get(stream);
    Optional<FeatureCache> cache = caches.get(stream);
    if (cache == null) {
      cache = cache(phase.streams().get(stream), stream);
      caches.put(stream, cache);
    }
    if (cache.isPresent()) {
      return seen(cache.get().gather(part.indices()));
    }
    if (part.inputs() != newestInputs) {
      newest = run(part.inputs());
      newestInputs = part.inputs();
    }
    return newest;
  }

  private Companion.Seen run(NamedTensors inputs) {
    try (Autograd off = Autograd.off()) {
      Map<String, Tensor> tapped = new LinkedHashMap<>();
      NamedTensors outputs = listening.forward(inputs, 0, tapped);
      return new Companion.Seen(outputs, tapped);
    }
  }

  // ---- the cache ----

  private Optional<FeatureCache> cache(Stream stream, int position) {
    if (!context.job().options().cacheFeatures() || !isFixed(stream, position)) {
      return Optional.empty();
    }
    Dataset data = context.data(stream.data());
    try (Scope scope = Scope.open()) {
      long bytes = Features.estimate(columns(run(sample(context, phase))), data.size());
      if (bytes > MOST_BYTES) {
        context.note(
            "outputs of the %s would take %d MiB and are computed in every epoch"
                .formatted(name, bytes >> 20));
        return Optional.empty();
      }
    }
    try {
      Path target = context.job().folder().resolve("features").resolve(key(stream, data));
      boolean reused = Files.exists(target);
      FeatureCache cache = reused ? FeatureCache.open(target) : compute(target, data);
      context
          .job()
          .listener()
          .on(
              new TrainEvent.FeaturesCached(
                  name + "'s " + stream.data(), data.size(), cache.bytes(), reused, "float32", 0));
      return Optional.of(cache);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isFixed(Stream stream, int position) {
    Regime regime = phase.regime();
    boolean mixed = position == 0 && (regime.mixup() > 0 || regime.cutmix() > 0);
    return !mixed && stream.fixed();
  }

  private FeatureCache compute(Path target, Dataset data) throws IOException {
    Feed.Batches batches = inOrder(context, data, context.job().options().evaluationBatch());
    try (FeatureCache.Writer writer = new FeatureCache.Writer(target)) {
      while (batches.hasNext()) {
        try (Scope scope = Scope.open()) {
          Feed.Loaded loaded = batches.next();
          if (loaded != null) {
            writer.append(columns(run(loaded.inputs())), loaded.indices());
          }
        }
      }
      return writer.finish(data.size());
    }
  }

  /** Outputs and taps under names that can be file names: numbers in the order of their own. */
  private NamedTensors columns(Companion.Seen seen) {
    Map<String, Tensor> columns = new LinkedHashMap<>();
    columns.put(OUTPUT, seen.outputs().get("logits"));
    List<String> paths = new ArrayList<>(listening.paths());
    for (int i = 0; i < paths.size(); i++) {
      columns.put(TAP + i, seen.taps().get(paths.get(i)));
    }
    return NamedTensors.of(columns);
  }

  private Companion.Seen seen(NamedTensors columns) {
    Map<String, Tensor> taps = new LinkedHashMap<>();
    List<String> paths = new ArrayList<>(listening.paths());
    for (int i = 0; i < paths.size(); i++) {
      taps.put(paths.get(i), columns.get(TAP + i));
    }
    return new Companion.Seen(NamedTensors.of("logits", columns.get(OUTPUT)), taps);
  }

  /** A digest of everything the outputs depend on: weights, taps, preprocessing, view, examples. */
  private String key(Stream stream, Dataset data) {
    List<Object> parts = new ArrayList<>();
    parts.add(context.job().companions().get(name).digest());
    parts.add(List.copyOf(listening.paths()));
    parts.add(context.job().preprocessing().settings());
    parts.add(stream.views());
    parts.add(stream.data());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Json.writeCompact(parts));
      for (int i = 0; i < data.size(); i++) {
        digest.update((data.id(i) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
