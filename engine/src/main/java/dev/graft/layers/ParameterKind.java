package dev.graft.layers;

/** What a parameter does in its layer; plans select by it (no decay on biases and norms, …). */
public enum ParameterKind {
  /** Weight of a linear map or convolution. */
  WEIGHT,
  /** Bias of a linear map or convolution. */
  BIAS,
  /** Scale of a normalisation. */
  NORM_WEIGHT,
  /** Shift of a normalisation. */
  NORM_BIAS,
  /** Table of embeddings, positions or class tokens. */
  EMBEDDING,
  /** Part of an adapter. */
  ADAPTER;

  /** True for the scale and the shift of a normalisation. */
  public boolean isNorm() {
    return this == NORM_WEIGHT || this == NORM_BIAS;
  }
}
