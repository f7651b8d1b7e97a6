package dev.graft.adapters.lowrank;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Factors;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.adapters.PeftForm;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Initial;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Low-rank adaptation (Hu et al. 2021): W + s B A with A (r, columns) and B (rows, r).
 *
 * <p>On a convolution A is a convolution of the layer's own kernel, stride, padding and dilation to
 * r channels, and B one of 1×1. Where the layer has groups, so have both: each block of channels
 * has a rank of its own, at most what its block can use. On a table of vectors A is picked from by
 * index. B starts at zero, so that the layer starts as it was.
 */
class LoraAdapter extends DeltaAdapter {

  /** What all kinds of this form write into PEFT's files. */
  static final PeftForm PEFT =
      PeftForm.of(
          "LORA",
          "rank",
          "r",
          "alpha",
          "lora_alpha",
          "dropout",
          "lora_dropout",
          "bias",
          "lora_bias");

  private static final long[] ONE = {1, 1};
  private static final long[] ZERO = {0, 0};

  private final Tensor a;
  private final Tensor b;
  private final Tensor bias;
  private final double scale;
  private final double dropout;
  private final long rank;

  /** Settings of all adapters of this form. */
  static List<Setting> settings(int rank, double alpha) {
    return List.of(
        Setting.integer("rank", rank, 1, 4096, "rank of the matrix that is added"),
        Setting.number(
            "alpha", alpha, 1e-6, 1e6, "strength: the added matrix is scaled by alpha over rank"),
        Setting.number("dropout", 0, 0, 0.99, "probability that an input is dropped on this path"),
        Setting.flag("bias", false, "whether the added path has a bias"));
  }

  LoraAdapter(Host host, Settings settings) {
    this(host, settings, settings.number("alpha") / settings.integer("rank"));
  }

  /** An adapter of given factors, (g, rows / g, r) and (g, r, columns), with scale 1. */
  private LoraAdapter(Host host, Tensor up, Tensor down) {
    super(host);
    scale = 1;
    dropout = 0;
    bias = null;
    rank = up.size(2);
    long[] shape = host.weight().shape();
    switch (host.form()) {
      case CONVOLUTION -> {
        Tensor kernels = down.reshape(rank * host.groups(), shape[1], shape[2], shape[3]);
        a = parameter("lora_A.weight", kernels.copy());
        b = parameter("lora_B.weight", up.reshape(host.rows(), rank, 1, 1).copy());
      }
      case EMBEDDING -> {
        a = parameter("lora_embedding_A", down.reshape(rank, -1).copy());
        b = parameter("lora_embedding_B", up.reshape(-1, rank).copy());
      }
      default -> {
        a = parameter("lora_A.weight", down.reshape(rank, -1).copy());
        b = parameter("lora_B.weight", up.reshape(-1, rank).copy());
      }
    }
  }

  /** An adapter whose scale is not the usual one. */
  LoraAdapter(Host host, Settings settings, double scale) {
    super(host);
    this.scale = scale;
    this.dropout = settings.number("dropout");
    rank = rank(host, settings.integer("rank"));
    switch (host.form()) {
      case CONVOLUTION -> {
        long[] shape = host.weight().shape();
        a =
            parameter(
                "lora_A.weight", initialA(rank * host.groups(), shape[1], shape[2], shape[3]));
        b = parameter("lora_B.weight", Tensor.zeros(host.rows(), rank, 1, 1));
      }
      case EMBEDDING -> {
        // As in PEFT the two change parts here: the table that is picked from starts at zero.
        a = parameter("lora_embedding_A", Tensor.zeros(rank, host.columns()));
        b = parameter("lora_embedding_B", Initial.normal(1, host.rows(), rank));
      }
      case LINEAR -> {
        a = parameter("lora_A.weight", initialA(rank, host.columns()));
        b = parameter("lora_B.weight", Tensor.zeros(host.rows(), rank));
      }
      default ->
          throw new IllegalArgumentException(
              "a low-rank matrix cannot be added to a layer of form " + host.form());
    }
    bias = settings.flag("bias") ? parameter("lora_B.bias", Tensor.zeros(host.rows())) : null;
  }

  /** The rank a layer can use of the one that was asked for. */
  long rank(Host host, long wanted) {
    return host.groups() == 1 ? wanted : Math.min(wanted, most(host));
  }

  /** The highest rank that a block of channels can have. */
  static long most(Host host) {
    return Math.min(host.rows() / host.groups(), host.columns());
  }

  private static Tensor initialA(long... shape) {
    return Initial.fanIn(shape);
  }

  @Override
  protected Optional<Factors> factors() {
    if (bias != null) {
      return Optional.empty();
    }
    long groups = host().groups();
    return Optional.of(
        new Factors(
            b.reshape(groups, -1, rank),
            a.reshape(groups, rank, -1),
            scale,
            (up, down) -> new LoraAdapter(host(), up, down)));
  }

  /** s: alpha over rank, unless the method has another rule. */
  final double scale() {
    return scale;
  }

  /** Rank of each block of channels. */
  final long rank() {
    return rank;
  }

  final Tensor a() {
    return a;
  }

  final Tensor b() {
    return b;
  }

  @Override
  protected Tensor delta() {
    long groups = host().groups();
    if (groups == 1) {
      return b.reshape(host().rows(), -1).matmul(a.reshape(rank, -1)).mul(scale);
    }
    Tensor left = b.reshape(groups, host().rows() / groups, rank);
    Tensor right = a.reshape(groups, rank, host().columns());
    return left.matmul(right).reshape(host().rows(), host().columns()).mul(scale);
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    LayerWeights adapted = super.adapt(below);
    if (bias == null) {
      return adapted;
    }
    Tensor added = bias.mul(scale * strength());
    return new LayerWeights(
        adapted.weight(), below.bias() == null ? added : below.bias().add(added));
  }

  @Override
  protected Tensor forward(Tensor x, Below below) {
    return below.output(x).add(branch(x, below.training()));
  }

  /** Both factors are stacked row by row; linear maps only. */
  @Override
  protected Optional<Tensor> forwardRows(Tensor x, Below below, List<Adapter> rows) {
    List<LoraAdapter> each = rows.stream().map(LoraAdapter.class::cast).toList();
    if (host().form() != Host.Form.LINEAR
        || each.stream().anyMatch(other -> other.rank != rank || other.bias != null)) {
      return Optional.empty();
    }
    Tensor down = Tensor.stack(each.stream().map(other -> other.a).toList(), 0);
    Tensor up = Tensor.stack(each.stream().map(other -> other.b).toList(), 0);
    float[] strengths = new float[each.size()];
    for (int i = 0; i < strengths.length; i++) {
      strengths[i] = (float) (each.get(i).scale * each.get(i).strength());
    }
    Tensor input = x.dim() == 2 ? x.unsqueeze(1) : x;
    Tensor low = input.matmul(down.transpose(1, 2));
    Tensor scaled = low.mul(Tensor.of(strengths, strengths.length, 1, 1));
    Tensor added = scaled.matmul(up.transpose(1, 2));
    return Optional.of(below.output(x).add(x.dim() == 2 ? added.squeeze(1) : added));
  }

  /** What is added to the output, strength included. */
  final Tensor branch(Tensor x, boolean training) {
    Tensor input = dropout > 0 && training ? Nn.dropout(x, dropout, true) : x;
    Tensor result =
        switch (host().form()) {
          case CONVOLUTION ->
              Nn.conv2d(
                  ((Conv2d) host().layer()).convolve(input, a, null),
                  b,
                  bias,
                  ONE,
                  ZERO,
                  ONE,
                  host().groups());
          case EMBEDDING -> Nn.linear(Nn.embedding(a.transpose(0, 1), x), b, bias);
          default -> Nn.linear(Nn.linear(input, a, null), b, bias);
        };
    return result.mul(scale * strength());
  }
}
