package dev.graft.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.data.Dataset;
import dev.graft.data.EvalTransform;
import dev.graft.data.ExampleReader;
import dev.graft.data.Preprocessing;
import dev.graft.model.Model;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
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
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Feature caches of one frozen prefix: computes each once, keeps it on disk under a digest of
 * everything its values depend on (weights of the prefix, preprocessing, precision, examples).
 */
final class Features {

  private final FrozenPrefix prefix;
  private final String prefixDigest;
  private final Preprocessing preprocessing;
  private final Path folder;
  private final TrainOptions options;
  private final TrainListener listener;
  private final BooleanSupplier stop;

  Features(Model model, FrozenPrefix prefix, TrainJob job) {
    this.prefix = prefix;
    this.preprocessing = job.preprocessing();
    this.folder = job.folder().resolve("features");
    this.options = job.options();
    this.listener = job.listener();
    this.stop = job.stop();
    this.prefixDigest = digest(model, prefix);
  }

  /** The features of a data set, computed now or found on disk. */
  FeatureCache of(String name, Dataset data, ExampleReader reader) {
    try {
      Path target = folder.resolve(key(name, data));
      boolean reused = Files.exists(target);
      Computed computed =
          reused ? new Computed(FeatureCache.open(target), 0) : compute(target, name, data, reader);
      listener.on(
          new TrainEvent.FeaturesCached(
              name,
              data.size(),
              computed.cache.bytes(),
              reused,
              prefix.precision().name().toLowerCase(java.util.Locale.ROOT),
              computed.relativeError));
      return computed.cache;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Computed(FeatureCache cache, double relativeError) {}

  private Computed compute(Path target, String name, Dataset data, ExampleReader reader)
      throws IOException {
    EvalTransform transform = preprocessing.evalTransform();
    List<int[]> positions =
        ExampleReader.batches(ExampleReader.inOrder(data.size()), options.evaluationBatch());
    Iterator<ExampleReader.Rows> batches =
        reader.read(data, positions, (example, index) -> transform.apply(example));
    Pace pace = new Pace("features of " + name, positions.size(), listener);
    int done = 0;
    try (FeatureCache.Writer writer = new FeatureCache.Writer(target)) {
      while (batches.hasNext()) {
        ExampleReader.Rows rows = batches.next();
        if (rows.indices().length > 0) {
          try (Scope scope = Scope.open()) {
            NamedTensors inputs = preprocessing.collate(rows.examples());
            writer.append(prefix.apply(inputs), rows.indices());
          }
        }
        pace.tell(++done, rows.indices().length);
        if (stop.getAsBoolean()) {
          throw new StopRequested();
        }
      }
      return new Computed(writer.finish(data.size()), prefix.relativeError());
    }
  }

  private String key(String name, Dataset data) {
    MessageDigest digest = sha256();
    digest.update(prefixDigest.getBytes(StandardCharsets.UTF_8));
    // Two data sets may use the same names for their examples.
    digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < data.size(); i++) {
      digest.update((data.id(i) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  private String digest(Model model, FrozenPrefix frozen) {
    MessageDigest digest = sha256();
    try {
      digest.update(JsonMapper.builder().build().writeValueAsBytes(preprocessing.settings()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String form = frozen.cut() + " " + frozen.precision() + " " + frozen.carried();
    digest.update(form.getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, Tensor> entry : FrozenPrefix.state(model, frozen.cut()).entrySet()) {
      digest.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
      try (Scope scope = Scope.open()) {
        HostTensor host = entry.getValue().toHost();
        digest.update(host.data());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Bytes that the features of a data set would take, from the shapes of one row. */
  static long estimate(NamedTensors oneRow, int size) {
    return oneRow.asMap().values().stream()
        .mapToLong(tensor -> HostTensor.byteSize(DType.FLOAT32, tensor.shape()))
        .map(bytes -> bytes * size)
        .sum();
  }
}
