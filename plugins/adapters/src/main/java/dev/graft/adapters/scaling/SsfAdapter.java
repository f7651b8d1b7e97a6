package dev.graft.adapters.scaling;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.tensor.Tensor;

/** A factor and a shift per output (Lian et al. 2022): γ ∘ y + β. */
final class SsfAdapter extends Adapter {

  private final Tensor scale;
  private final Tensor shift;

  SsfAdapter(Host host) {
    super(host);
    scale = parameter("ssf_scale", Tensor.ones(host.rows()));
    shift = parameter("ssf_shift", Tensor.zeros(host.rows()));
  }

  @Override
  protected Tensor forward(Tensor x, Below below) {
    return below.output(x).mul(host().perOutput(scale)).add(host().perOutput(shift));
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    Tensor weight = below.weight().mul(host().perRow(scale));
    Tensor bias = below.bias() == null ? shift : below.bias().mul(scale).add(shift);
    return new LayerWeights(weight, bias);
  }
}
