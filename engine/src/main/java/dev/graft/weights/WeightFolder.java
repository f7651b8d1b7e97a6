package dev.graft.weights;

import dev.graft.internal.Json;
import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A folder with weights as publishers lay it out: one file of a usual name, or several with an
 * index that says which tensor is where.
 *
 * <p>The index is foreign text: the files it names must be plain names in the same folder.
 */
final class WeightFolder {

  /** In order of preference: safetensors before pickles, an index before a single file. */
  private static final List<String> INDEXES =
      List.of("model.safetensors.index.json", "pytorch_model.bin.index.json");

  private static final List<String> FILES = List.of("model.safetensors", "pytorch_model.bin");

  private WeightFolder() {}

  static Weights open(Path folder, ReadOptions options) throws IOException {
    for (int i = 0; i < FILES.size(); i++) {
      Path index = folder.resolve(INDEXES.get(i));
      if (Files.exists(index)) {
        return openIndex(index, options);
      }
      Path file = folder.resolve(FILES.get(i));
      if (Files.exists(file)) {
        return WeightFiles.openFile(file, options);
      }
    }
    throw new NoSuchFileException(
        folder.toString(),
        null,
        "no weights in this folder; looked for %s and %s, so give the file itself"
            .formatted(FILES, INDEXES));
  }

  private static Weights openIndex(Path index, ReadOptions options) throws IOException {
    Map<String, String> places = places(index);
    Map<String, Weights> shards = new TreeMap<>();
    for (String shard : new TreeSet<>(places.values())) {
      shards.put(shard, WeightFiles.openFile(shard(index, shard), options));
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, String> place : places.entrySet()) {
      Weights shard = shards.get(place.getValue());
      if (!shard.has(place.getKey())) {
        throw bad(index, "tensor '%s' is not in %s".formatted(place.getKey(), place.getValue()));
      }
      tensors.put(place.getKey(), shard.stored(place.getKey()));
    }
    for (Map.Entry<String, Weights> shard : shards.entrySet()) {
      metadata.putAll(shard.getValue().metadata());
      for (String name : shard.getValue().names()) {
        if (!shard.getKey().equals(places.get(name))) {
          throw bad(index, "tensor '%s' of %s is not in the index".formatted(name, shard.getKey()));
        }
      }
    }
    return new Weights(tensors, metadata);
  }

  private static Map<String, String> places(Path index) throws IOException {
    if (!(Json.readObject(index).get("weight_map") instanceof Map<?, ?> map) || map.isEmpty()) {
      throw bad(index, "there is no weight_map with tensors in it");
    }
    Map<String, String> places = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getValue() instanceof String file)) {
        throw bad(index, "the file of tensor '%s' is no string".formatted(entry.getKey()));
      }
      places.put((String) entry.getKey(), file);
    }
    return places;
  }

  /** The path of a shard, after making sure that it is a file of this very folder. */
  private static Path shard(Path index, String name) throws IOException {
    if (!PlainName.isPlain(name)) {
      throw unsafe(index, name);
    }
    Path file = index.resolveSibling(name);
    if (!Files.isRegularFile(file)) {
      throw bad(index, "the file %s is missing; fetch it".formatted(name));
    }
    if (PlainName.isForeignLink(file)) {
      throw unsafe(index, name);
    }
    return file;
  }

  private static WeightFormatException unsafe(Path index, String name) {
    return new WeightFormatException(
        Reason.UNSAFE_NAME,
        "%s: '%s' is no plain name of a file in this folder".formatted(index, name));
  }

  private static WeightFormatException bad(Path index, String message) {
    return new WeightFormatException(Reason.BAD_INDEX, index + ": " + message);
  }
}
