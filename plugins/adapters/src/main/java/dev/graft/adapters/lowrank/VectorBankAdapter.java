package dev.graft.adapters.lowrank;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Host;
import dev.graft.layers.Initial;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Low-rank adaptation out of a bank of vectors that all layers share (Li et al. 2024): each stretch
 * of A and B is a mixture of the k vectors whose logits are highest. The bank trains; it belongs to
 * the adapter of the first layer. The start is small, not nothing: a bank of zeros would not learn.
 */
final class VectorBankAdapter extends DeltaAdapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("rank", 4, 1, 4096, "rank of the matrix that is added"),
          Setting.integer("vectors", 90, 1, 1 << 16, "vectors in the bank"),
          Setting.integer(
              "length", 0, 0, 1 << 16, "of a vector; 0: the largest that divides all sizes"),
          Setting.integer("mixed", 2, 1, 64, "vectors in each mixture"));

  private static final double BANK = 0.02;
  private static final double LOGITS = 0.1;

  private final Tensor bank;
  private final Tensor logitsA;
  private final Tensor logitsB;
  private final int rank;
  private final int mixed;
  private final long length;

  private VectorBankAdapter(Host host, Settings settings, Tensor shared, long length) {
    super(host);
    this.length = length;
    rank = settings.integer("rank");
    int vectors = settings.integer("vectors");
    mixed = Math.min(vectors, settings.integer("mixed"));
    bank =
        shared == null
            ? parameter("vblora_vector_bank", Initial.uniform(BANK, vectors, length))
            : shared;
    logitsA =
        parameter(
            "vblora_logits_A", Initial.normal(LOGITS, rank, host.columns() / length, vectors));
    logitsB =
        parameter("vblora_logits_B", Initial.normal(LOGITS, host.rows() / length, rank, vectors));
  }

  /** One adapter per layer, over one bank. */
  static List<Adapter> make(List<Host> hosts, Settings settings) {
    long divisor = 0;
    for (Host host : hosts) {
      divisor = gcd(gcd(divisor, host.rows()), host.columns());
    }
    long asked = settings.integer("length");
    if (asked > 0 && divisor % asked != 0) {
      throw new IllegalArgumentException(
          ("vectors of length %d do not divide the sizes of all layers; allowed: divisors of %d, or"
                  + " 0 to choose it")
              .formatted(asked, divisor));
    }
    List<Adapter> made = new ArrayList<>();
    Tensor bank = null;
    for (Host host : hosts) {
      VectorBankAdapter each =
          new VectorBankAdapter(host, settings, bank, asked > 0 ? asked : divisor);
      bank = each.bank;
      made.add(each);
    }
    return made;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Mixtures of bank vectors by logits (…, vectors): (…, length). */
  private Tensor mix(Tensor logits) {
    Tensor.TopK best = logits.topk(mixed);
    Tensor shares = Nn.softmax(best.values(), -1);
    long[] shape = shares.shape();
    Tensor picked =
        bank.indexSelect(0, best.indices().reshape(-1)).reshape(shape[0], shape[1], mixed, length);
    return picked.mul(shares.unsqueeze(3)).sum(false, 2);
  }

  @Override
  protected Tensor delta() {
    Tensor a = mix(logitsA).reshape(rank, -1);
    Tensor b = mix(logitsB).transpose(1, 2).reshape(-1, rank);
    return b.matmul(a);
  }
}
