package dev.graft.adapters.lowrank;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Factors;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.plan.Settings;
import dev.graft.tensor.DType;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Weight-decomposed low-rank adaptation (Liu et al. 2024): rows of W + s B A, brought to length 1,
 * times a magnitude m that trains. As in the paper the lengths count as constants in the gradient.
 *
 * <p>A filter that training has silenced is all zeros and has no direction: lengths, and with them
 * the first magnitudes, are at least {@value #SHORTEST}.
 */
final class DoraAdapter extends LoraAdapter {

  private static final double SHORTEST = 1e-12;

  private final Tensor magnitude;

  DoraAdapter(Host host, Settings settings) {
    super(host, settings);
    Tensor lengths = lengths(host.weight());
    long[] shape =
        switch (host.form()) {
          case CONVOLUTION -> new long[] {1, host.rows(), 1, 1};
          default -> new long[] {host.rows()};
        };
    magnitude = parameter("lora_magnitude_vector", lengths.reshape(shape).to(DType.FLOAT32).copy());
  }

  @Override
  protected boolean hasStrength() {
    return false;
  }

  @Override
  protected Optional<Factors> factors() {
    return Optional.empty();
  }

  /** Length of each row of W + s B A, (rows). */
  private Tensor lengths(Tensor weight) {
    Tensor direction = host().matrix(weight).add(delta()).detach();
    return direction.mul(direction).sum(false, 1).sqrt().clamp(SHORTEST, Float.MAX_VALUE);
  }

  /** m over the present lengths, (rows). */
  private Tensor ratio(Tensor weight) {
    return magnitude.reshape(-1).div(lengths(weight));
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    LayerWeights added = super.adapt(below);
    return added.withWeight(added.weight().mul(host().perRow(ratio(below.weight()))));
  }

  /** Every row has a length of its own for each of its weights: one adapter after the other. */
  @Override
  protected Optional<Tensor> forwardRows(Tensor x, Below below, List<Adapter> rows) {
    return Optional.empty();
  }

  /** Written as a change of the output below, which is exactly nothing where the ratio is 1. */
  @Override
  protected Tensor forward(Tensor x, Below below) {
    LayerWeights weights = below.weights();
    Tensor output = below.output(x);
    Tensor ratio = host().perOutput(ratio(weights.weight()));
    Tensor unbiased =
        weights.bias() == null ? output : output.sub(host().perOutput(weights.bias()));
    return output.add(ratio.sub(1).mul(unbiased)).add(ratio.mul(branch(x, below.training())));
  }
}
