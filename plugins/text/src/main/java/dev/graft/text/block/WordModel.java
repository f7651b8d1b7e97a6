package dev.graft.text.block;

import dev.graft.tensor.Tensor;

/** A network that says which word comes next. */
public interface WordModel {

  /**
   * Logits of the word behind the newest position of each sequence: (N, V).
   *
   * @param ids (N, L), the positions behind those that the pass knows
   */
  Tensor next(Tensor ids, Pass pass);
}
