package dev.graft.weights;

import dev.graft.internal.Digests;
import dev.graft.internal.NearNames;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Named tensors of a model, read-only and in order: the content of a weight file, or a set made in
 * memory in order to be saved.
 *
 * <p>Tensors are views of the file wherever its format permits, so opening a file costs its header;
 * {@link ReadOptions.Access} says when it is copied instead. Any thread may read. Nothing needs to
 * be closed.
 */
public final class Weights {

  private final Map<String, StoredTensor> tensors;
  private final Map<String, String> metadata;

  /** Takes the maps as they are. */
  Weights(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /**
   * Opens a weight file, or a folder that holds one or an index of several, with the default
   * options.
   *
   * @throws IOException if it does not exist or cannot be read
   * @throws WeightFormatException if its content breaks a rule of its format
   */
  public static Weights open(Path path) throws IOException {
    return open(path, ReadOptions.defaults());
  }

  /**
   * Opens a weight file, or a folder that holds one or an index of several. The format is
   * recognised by content.
   *
   * @throws IOException if it does not exist or cannot be read
   * @throws WeightFormatException if its content breaks a rule of its format
   */
  public static Weights open(Path path, ReadOptions options) throws IOException {
    return WeightFiles.open(path, options);
  }

  /** Weights made in memory; the map is copied, its order kept. */
  public static Weights of(Map<String, HostTensor> tensors, Map<String, String> metadata) {
    Map<String, StoredTensor> stored = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> stored.put(name, StoredTensor.of(tensor)));
    return new Weights(stored, new LinkedHashMap<>(metadata));
  }

  /** Weights made in memory, without metadata; the map is copied, its order kept. */
  public static Weights of(Map<String, HostTensor> tensors) {
    return of(tensors, Map.of());
  }

  /** The names, in order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** True if there is a tensor of this name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * The values of one tensor.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists near ones
   * @throws WeightFormatException if it is above 2 GiB, or its compressed data are broken
   */
  public HostTensor get(String name) {
    try {
      return stored(name).read();
    } catch (WeightFormatException e) {
      throw e.in("tensor '" + name + "'");
    }
  }

  /**
   * Type and shape of one tensor, without its values.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists near ones
   */
  public StoredTensor stored(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "no tensor named '%s' among %d; nearest: %s"
              .formatted(name, tensors.size(), NearNames.of(name, names(), 5)));
    }
    return tensor;
  }

  /** What the file says about itself; empty where the format has no place for it. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Size of all values in bytes. */
  public long byteSize() {
    return tensors.values().stream().mapToLong(StoredTensor::byteSize).sum();
  }

  /**
   * The SHA-256 digest of names, types, shapes and values, taken in the order of the names: the
   * same for the same tensors in any file format, and blind to metadata. Reads everything.
   */
  public String digest() {
    MessageDigest digest = Digests.sha256();
    for (String name : new TreeSet<>(names())) {
      HostTensor tensor = get(name);
      // The length in front keeps a name from being taken for the type that follows it.
      String head = name.length() + ":" + name + tensor.dtype().code();
      digest.update((head + Arrays.toString(tensor.shape())).getBytes(StandardCharsets.UTF_8));
      digest.update(tensor.data());
    }
    return Digests.hex(digest.digest());
  }

  /**
   * Names of the floating-point tensors that hold a NaN or an infinity, in order. Formats allow
   * them; a model does not survive them. Reads everything.
   */
  public List<String> nonFinite() {
    return names().stream().filter(name -> !isFinite(get(name))).toList();
  }

  /**
   * Writes a safetensors file, replacing one that is there; the same tensors and metadata give the
   * same bytes.
   *
   * @throws IOException if it cannot be written; the old file is then untouched
   */
  public void save(Path target) throws IOException {
    SafetensorsWriter.write(this, target);
  }

  private static boolean isFinite(HostTensor tensor) {
    if (!tensor.dtype().isFloating()) {
      return true;
    }
    int count = (int) tensor.count();
    for (int i = 0; i < count; i++) {
      if (!Double.isFinite(tensor.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "%d tensors, %d bytes".formatted(tensors.size(), byteSize());
  }
}
