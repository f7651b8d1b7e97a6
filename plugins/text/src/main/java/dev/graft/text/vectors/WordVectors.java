package dev.graft.text.vectors;

import dev.graft.layers.Child;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * A table of word vectors. Ids beyond the table are what the tokenizer adds to it: words without a
 * vector, and padding; both have a vector of zeros.
 *
 * @param table the embedding of {@code words} words
 * @param words number of words that have a vector
 * @param drop probability that a word loses its vector, everywhere in a batch, while training
 */
record WordVectors(Child table, long words, double drop) {

  /** Ids that a tokenizer adds to the words: an unknown one and padding. */
  private static final int ADDED = 2;

  /** (N, L) BOOL: where a word has a vector and is no padding. */
  Tensor known(NamedTensors inputs) {
    Tensor ids = inputs.get("input_ids");
    checkRange(ids);
    Tensor known = ids.lt((double) words);
    return inputs.has("attention_mask") ? known.and(inputs.get("attention_mask").gt(0.5)) : known;
  }

  /** Vectors of words (N, L, D). */
  Tensor of(NamedTensors inputs) {
    Tensor known = known(inputs);
    Tensor ids = inputs.get("input_ids");
    Tensor safe = Tensor.where(known, ids, Tensor.zeros(DType.INT64, ids.shape()));
    Tensor weight = known.to(DType.FLOAT32).unsqueeze(2);
    if (table.layer().training() && drop > 0) {
      Tensor rows = Nn.dropout(Tensor.ones(words, 1), drop, true);
      weight = weight.mul(Nn.embedding(rows, safe));
    }
    return table.apply(safe).mul(weight);
  }

  /** An index beyond the table would end the process, not the call. */
  private void checkRange(Tensor ids) {
    if (ids.count() > 0 && (ids.max().item() >= words + ADDED || ids.min().item() < 0)) {
      throw new IllegalArgumentException(
          "token ids from %d to %d, the vectors are of %d words; the words belong to other vectors"
              .formatted((long) ids.min().item(), (long) ids.max().item(), words));
    }
  }
}
