package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.FixedEmbedding;
import java.util.Optional;

/**
 * Adds the vectors of words, positions and segments: (N, L) to (N, L, D).
 *
 * @param word table of the vocabulary
 * @param position table of positions, if they are learned
 * @param positions how positions are counted
 * @param segment table of the segments, if there are any
 * @param scale of the vectors of words
 */
record Embeddings(
    Child word,
    Optional<Child> position,
    Positions positions,
    Optional<Child> segment,
    double scale) {

  /**
   * How positions are counted.
   *
   * @param from the number of the first position
   * @param skipped id of the token that has no position of its own and whose number is {@code from}
   *     - 1; negative: all count
   */
  record Positions(long from, long skipped) {

    /** 0, 1, 2, … */
    static final Positions PLAIN = from(0);

    /** {@code first}, {@code first} + 1, … */
    static Positions from(long first) {
      return new Positions(first, -1);
    }

    /** From behind the id of padding, which has no position of its own. */
    static Positions behind(long pad) {
      return new Positions(pad + 1, pad);
    }
  }

  /** Words alone. */
  static Embeddings of(Child word) {
    return new Embeddings(word, Optional.empty(), Positions.PLAIN, Optional.empty(), 1);
  }

  /** With positions. */
  Embeddings counted(Child table, Positions value) {
    return new Embeddings(word, Optional.of(table), value, segment, scale);
  }

  /** With segments. */
  Embeddings segmented(Child table) {
    return new Embeddings(word, position, positions, Optional.of(table), scale);
  }

  /** With words that are multiplied. */
  Embeddings scaled(double value) {
    return new Embeddings(word, position, positions, segment, value);
  }

  Tensor apply(NamedTensors inputs, long past) {
    Tensor ids = inputs.get("input_ids");
    checkRange(ids);
    Tensor sum = word.apply(ids);
    if (scale != 1) {
      sum = sum.mul(scale);
    }
    if (position.isPresent()) {
      Tensor numbers = numbers(inputs, past);
      checkLength(ids.size(1) + past);
      sum = sum.add(position.get().apply(numbers));
    }
    if (segment.isPresent()) {
      Tensor segments =
          inputs.has("token_type_ids")
              ? inputs.get("token_type_ids")
              : Tensor.zeros(DType.INT64, ids.shape());
      sum = sum.add(segment.get().apply(segments));
    }
    return sum;
  }

  private Tensor numbers(NamedTensors inputs, long past) {
    Tensor ids = inputs.get("input_ids");
    if (positions.skipped() >= 0) {
      Tensor counts =
          Tensor.where(
              ids.eq(Tensor.full((double) positions.skipped(), DType.INT64)),
              Tensor.zeros(DType.INT64, ids.shape()),
              Tensor.full(1, DType.INT64, ids.shape()));
      return counts.cumsum(1).mul(counts).add((double) (positions.from() - 1)).to(DType.INT64);
    }
    return Tensor.arange(ids.size(1))
        .add((double) (positions.from() + past))
        .to(DType.INT64)
        .unsqueeze(0);
  }

  private void checkLength(long length) {
    long available = table(position.get()).size(0) - positions.from();
    if (length > available) {
      throw new IllegalArgumentException(
          "a text has %d tokens, the network has positions for %d; truncate it"
              .formatted(length, available));
    }
  }

  /** An index beyond the table would end the process, not the call. */
  private void checkRange(Tensor ids) {
    long size = table(word).size(0);
    if (ids.count() > 0 && (ids.max().item() >= size || ids.min().item() < 0)) {
      throw new IllegalArgumentException(
          "token ids from %d to %d, the network's vocabulary has %d words; the tokenizer belongs to"
                  .formatted((long) ids.min().item(), (long) ids.max().item(), size)
              + " another model");
    }
  }

  private static Tensor table(Child place) {
    Layer layer = place.layer();
    if (layer instanceof Embedding embedding) {
      return embedding.weight();
    }
    return layer instanceof FixedEmbedding fixed
        ? fixed.weight()
        : layer.parameters().get("weight").tensor();
  }
}
