package dev.graft.data;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How raw examples become the inputs of one set of weights. It is bound to the weights and travels
 * with them: sizes, scaling, vocabularies.
 */
public interface Preprocessing extends AutoCloseable {

  /** Id of the modality that can read {@link #settings()} back, for example {@code image}. */
  String modality();

  /** Everything needed to build it again: values as JSON knows them. */
  Map<String, Object> settings();

  /**
   * Files that are needed beside the settings, by plain name: a vocabulary, rules of a tokenizer.
   * They stand in the bundle under their names; the settings tell their digests, so that equal
   * settings mean equal preprocessing.
   */
  default Map<String, byte[]> files() {
    return Map.of();
  }

  /**
   * True if all examples become tensors of one shape; otherwise {@link #collate} pads those of a
   * batch to the longest.
   */
  default boolean uniform() {
    return true;
  }

  /**
   * Tensors that rows may be given as in place of raw content; empty where raw content alone is
   * read.
   */
  default List<TensorInput> tensorInputs() {
    return List.of();
  }

  /**
   * The raw example that a row of {@link #tensorInputs()} stands for, still to be transformed.
   *
   * @param row the sizes of one row, as the inputs say them
   * @throws IllegalArgumentException if values are out of range
   */
  default Example ofTensors(String id, Map<String, HostTensor> row) {
    throw new IllegalArgumentException(
        "inputs of kind %s are not read from tensors %s; give their raw content"
            .formatted(modality(), row.keySet()));
  }

  /** The deterministic path, for evaluation, prediction and caching. */
  EvalTransform evalTransform();

  /**
   * An example on the deterministic path, nothing of it cut off: what the network cannot read at
   * once comes in several parts, each of which repeats some of the one before.
   */
  default List<Example> parts(Example raw) {
    return List.of(evalTransform().apply(raw));
  }

  /**
   * A random path for training.
   *
   * @param augmentation id of one, for example {@code crop-flip}
   * @throws IllegalArgumentException if there is none of that id; the message lists what exists
   */
  TrainTransform trainTransform(String augmentation);

  /** Ids that {@link #trainTransform} knows. */
  Set<String> augmentations();

  /**
   * Id of the random path that suits fine-tuning on such examples where nobody asks for another;
   * {@code none} is the deterministic one.
   */
  default String usualAugmentation() {
    return "none";
  }

  /**
   * Id of a random path that changes examples as much as their classes allow, for methods that ask
   * for the same answer to a weak and a strong change.
   */
  default String strongAugmentation() {
    return usualAugmentation();
  }

  /**
   * Transformed examples of one bucket are about of one size, so that little is wasted where they
   * are padded to the largest.
   */
  default int bucket(Example transformed) {
    return 0;
  }

  /** Stacks transformed examples into the model's inputs; called on the thread that computes. */
  NamedTensors collate(List<Example> examples);

  /** Gives back native memory where it has any; nothing is transformed afterwards. */
  @Override
  default void close() {}
}
