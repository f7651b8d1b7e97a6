package dev.graft.weights;

import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A PyTorch checkpoint as a tree of plain values: what {@code torch.save} was given.
 *
 * <p>The tree is made of {@link Map}, {@link List}, {@link java.util.Set}, {@link String}, {@link
 * Long}, {@link java.math.BigInteger}, {@link Double}, {@link Boolean}, {@code byte[]}, {@code
 * null}, {@link dev.graft.tensor.DType} and {@link StoredTensor}. It holds no cycle.
 */
public final class Checkpoint {

  /** Where training programs put the weights, in the order in which they are looked for. */
  private static final List<String> USUAL_KEYS =
      List.of("state_dict", "model_state_dict", "model", "module", "net", "network", "weights");

  private static final System.Logger LOG = System.getLogger(Checkpoint.class.getName());

  private final Object root;

  Checkpoint(Object root) {
    this.root = root;
  }

  /**
   * Opens a checkpoint in the zip or in the legacy format.
   *
   * @throws IOException if the file cannot be read
   * @throws WeightFormatException if it is no checkpoint, or holds anything but data
   */
  public static Checkpoint open(Path file, ReadOptions options) throws IOException {
    FileBytes bytes = FileBytes.open(file, options.access());
    try {
      return WeightFiles.checkpoint(bytes, options);
    } catch (WeightFormatException e) {
      throw e.in(file);
    }
  }

  /** The whole tree. */
  public Object root() {
    return root;
  }

  /**
   * The weights, found by this rule: the root if it is a state dict; else what lies under the first
   * of {@code state_dict}, {@code model_state_dict}, {@code model}, {@code module}, {@code net},
   * {@code network}, {@code weights} that is one, or holds one by this rule; else the only state
   * dict among the root's values. A state dict is a map of names to values of which one at least is
   * a tensor; its other values are left out.
   *
   * @throws WeightFormatException if the rule finds none or several; the message lists the keys
   */
  public Weights weights() {
    Map<?, ?> found = find(root, 0);
    if (found == null) {
      throw new WeightFormatException(
          Reason.NO_STATE_DICT,
          "no map of names to tensors, or several, in %s; name the one to take by its keys"
              .formatted(
                  root instanceof Map<?, ?> map ? map.keySet() : "a checkpoint of one value"));
    }
    return weightsOf(found);
  }

  /**
   * The state dict that lies under some keys, from the root inwards.
   *
   * @throws WeightFormatException if there is none; the message lists the keys that exist
   */
  public Weights weights(List<String> keys) {
    Object value = root;
    for (String key : keys) {
      if (!(value instanceof Map<?, ?> map) || !map.containsKey(key)) {
        throw new WeightFormatException(
            Reason.NO_STATE_DICT,
            "no key '%s' on the way %s; there are %s"
                .formatted(key, keys, value instanceof Map<?, ?> m ? m.keySet() : "no keys"));
      }
      value = map.get(key);
    }
    if (!isStateDict(value)) {
      throw new WeightFormatException(
          Reason.NO_STATE_DICT, "what lies under %s is no map of names to tensors".formatted(keys));
    }
    return weightsOf((Map<?, ?>) value);
  }

  private static Map<?, ?> find(Object value, int depth) {
    if (isStateDict(value)) {
      return (Map<?, ?>) value;
    }
    if (!(value instanceof Map<?, ?> map) || depth > 2) {
      return null;
    }
    for (String key : USUAL_KEYS) {
      Map<?, ?> found = find(map.get(key), depth + 1);
      if (found != null) {
        return found;
      }
    }
    List<Object> candidates = new ArrayList<>();
    map.values().stream().filter(Checkpoint::isStateDict).forEach(candidates::add);
    return candidates.size() == 1 ? (Map<?, ?>) candidates.get(0) : null;
  }

  private static boolean isStateDict(Object value) {
    return value instanceof Map<?, ?> map
        && map.keySet().stream().allMatch(String.class::isInstance)
        && map.values().stream().anyMatch(StoredTensor.class::isInstance);
  }

  private static Weights weightsOf(Map<?, ?> stateDict) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    stateDict.forEach(
        (name, value) -> {
          if (value instanceof StoredTensor tensor) {
            tensors.put((String) name, tensor);
          } else {
            others.add((String) name);
          }
        });
    if (!others.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, "left out, since they are no tensors: {0}", others);
    }
    return new Weights(tensors, Map.of());
  }
}
