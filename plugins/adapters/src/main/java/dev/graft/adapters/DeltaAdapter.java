package dev.graft.adapters;

import dev.graft.tensor.Tensor;

/** An adapter that adds a matrix to the layer's weight: W + strength · ΔW. */
public abstract class DeltaAdapter extends Adapter {

  /** An adapter of a layer. */
  protected DeltaAdapter(Host host) {
    super(host);
  }

  /** ΔW as a matrix (rows, columns), scale included, strength not. */
  protected abstract Tensor delta();

  @Override
  protected boolean hasStrength() {
    return true;
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    Tensor delta = host().shaped(delta());
    Tensor scaled = strength() == 1 ? delta : delta.mul(strength());
    return below.withWeight(below.weight().add(scaled));
  }
}
