package dev.graft.adapters.lowrank;

import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Host;
import dev.graft.layers.Initial;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Hadamard product of two low-rank matrices (Hyeon-Woo et al. 2022): s (A1 B1) ∘ (A2 B2), of rank
 * up to r². On a convolution the kernel can stay a tensor of its own between the factors.
 */
final class LohaAdapter extends DeltaAdapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("rank", 8, 1, 4096, "rank of each of the two matrices"),
          Setting.number("alpha", 8, 1e-6, 1e6, "strength: scaled by alpha over rank"),
          Setting.flag("tucker", false, "whether a convolution's kernel is a factor of its own"));

  private final Tensor[] first;
  private final Tensor[] second;
  private final double scale;

  LohaAdapter(Host host, Settings settings) {
    super(host);
    int rank = settings.integer("rank");
    scale = settings.number("alpha") / rank;
    boolean tucker = settings.flag("tucker") && host.form() == Host.Form.CONVOLUTION;
    first = factors("hada_w1", "hada_t1", rank, tucker, /* zero= */ false);
    second = factors("hada_w2", "hada_t2", rank, tucker, /* zero= */ true);
  }

  private Tensor[] factors(String name, String kernel, int rank, boolean tucker, boolean zero) {
    long rows = host().rows();
    if (!tucker) {
      return new Tensor[] {
        parameter(name + "_a", zero ? Tensor.zeros(rows, rank) : initial(rows, rank)),
        parameter(name + "_b", initial(rank, host().columns()))
      };
    }
    long[] shape = host().weight().shape();
    return new Tensor[] {
      parameter(name + "_a", zero ? Tensor.zeros(rank, rows) : initial(rank, rows)),
      parameter(name + "_b", initial(rank, shape[1])),
      parameter(kernel, initial(rank, rank, shape[2], shape[3]))
    };
  }

  private static Tensor initial(long... shape) {
    return Initial.fanIn(shape);
  }

  @Override
  protected Tensor delta() {
    return product(first).mul(product(second)).mul(scale);
  }

  private Tensor product(Tensor[] factors) {
    if (factors.length == 2) {
      return factors[0].matmul(factors[1]);
    }
    // (i, j, k, l) with j to inputs and i to outputs.
    Tensor inputs = factors[2].permute(0, 2, 3, 1).matmul(factors[1]);
    Tensor outputs = inputs.permute(1, 2, 3, 0).matmul(factors[0]);
    return outputs.permute(3, 2, 0, 1).reshape(host().rows(), host().columns());
  }
}
