package dev.graft.adapters.scaling;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Optional;

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
  protected Optional<Tensor> forwardRows(Tensor x, Below below, List<Adapter> rows) {
    Tensor output = below.output(x);
    List<SsfAdapter> each = rows.stream().map(SsfAdapter.class::cast).toList();
    Tensor scales = host().perOutput(each.stream().map(row -> row.scale).toList(), output);
    Tensor shifts = host().perOutput(each.stream().map(row -> row.shift).toList(), output);
    return Optional.of(output.mul(scales).add(shifts));
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    Tensor weight = below.weight().mul(host().perRow(scale));
    Tensor bias = below.bias() == null ? shift : below.bias().mul(scale).add(shift);
    return new LayerWeights(weight, bias);
  }
}
