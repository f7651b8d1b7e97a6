package dev.graft.adapters.scaling;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * One factor per input or per output (Liu et al. 2022, (IA)³). Factors of outputs scale the bias
 * with the rest.
 */
final class Ia3Adapter extends Adapter {

  private final Tensor factors;
  private final boolean inputs;

  Ia3Adapter(Host host, boolean inputs) {
    super(host);
    this.inputs = inputs;
    long count = inputs ? host.inputs() : host.rows();
    long[] shape =
        switch (host.form()) {
          case CONVOLUTION -> new long[] {1, count, 1, 1};
          default -> inputs ? new long[] {1, count} : new long[] {count, 1};
        };
    factors = parameter("ia3_l", Tensor.ones(shape));
  }

  @Override
  protected Tensor forward(Tensor x, Below below) {
    if (inputs) {
      boolean maps = host().form() == Host.Form.CONVOLUTION;
      return below.output(x.mul(maps ? factors : factors.reshape(-1)));
    }
    return below.output(x).mul(host().perOutput(factors.reshape(-1)));
  }

  @Override
  protected Optional<Tensor> forwardRows(Tensor x, Below below, List<Adapter> rows) {
    if (inputs) {
      return Optional.empty();
    }
    Tensor output = below.output(x);
    List<Tensor> each = rows.stream().map(row -> ((Ia3Adapter) row).factors).toList();
    return Optional.of(output.mul(host().perOutput(each, output)));
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    if (inputs) {
      return below.withWeight(below.weight().mul(perColumn()));
    }
    Tensor scaled = below.weight().mul(host().perRow(factors.reshape(-1)));
    Tensor bias = below.bias() == null ? null : below.bias().mul(factors.reshape(-1));
    return new LayerWeights(scaled, bias);
  }

  /** The factors of inputs in the shape of the weight; a group of channels has its own. */
  private Tensor perColumn() {
    if (host().form() != Host.Form.CONVOLUTION) {
      return factors.reshape(1, -1);
    }
    long[] shape = host().weight().shape();
    long groups = host().groups();
    return factors
        .reshape(groups, 1, shape[1])
        .expand(groups, shape[0] / groups, shape[1])
        .reshape(shape[0], shape[1], 1, 1);
  }
}
