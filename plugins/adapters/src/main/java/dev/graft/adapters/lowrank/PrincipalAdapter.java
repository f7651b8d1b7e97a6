package dev.graft.adapters.lowrank;

import dev.graft.adapters.Host;
import dev.graft.plan.Settings;
import dev.graft.tensor.Linalg;
import dev.graft.tensor.Tensor;

/**
 * Low-rank adaptation that starts from the weight itself: B A takes a part of W over, and W keeps
 * the rest, so that their sum stays what it was up to rounding.
 */
final class PrincipalAdapter extends LoraAdapter {

  /** Which part is taken over. */
  enum Part {
    /** The largest singular values and their vectors (Meng et al. 2024). */
    SINGULAR,
    /** The first columns of an orthonormal basis (Büyükakyüz 2024). */
    ORTHONORMAL
  }

  private final Part part;

  PrincipalAdapter(Host host, Settings settings, Part part) {
    super(host, settings);
    this.part = part;
    if (host.form() == Host.Form.EMBEDDING) {
      throw new IllegalArgumentException(
          "a decomposition of the weight starts linear maps and convolutions, not embeddings;"
              + " leave the embedding out with 'exclude'");
    }
  }

  /** A weight has no more directions than its smaller side. */
  @Override
  long rank(Host host, long wanted) {
    return Math.min(wanted, most(host));
  }

  @Override
  protected boolean changesHost() {
    return true;
  }

  @Override
  protected void attached() {
    Host host = host();
    long groups = host.groups();
    Tensor weight =
        host.matrix(host.weight()).reshape(groups, host.rows() / groups, host.columns());
    Tensor left;
    Tensor right;
    if (part == Part.SINGULAR) {
      Linalg.Svd svd = Linalg.svd(weight);
      Tensor root = svd.s().narrow(1, 0, rank()).div(scale()).sqrt();
      left = svd.u().narrow(2, 0, rank()).mul(root.unsqueeze(1));
      right = svd.vt().narrow(1, 0, rank()).mul(root.unsqueeze(2));
    } else {
      Linalg.Qr qr = Linalg.qr(weight);
      left = qr.q().narrow(2, 0, rank());
      right = qr.r().narrow(1, 0, rank());
    }
    a().copyInPlace(right.reshape(a().shape()));
    b().copyInPlace(left.reshape(b().shape()));
    host.weight().copyInPlace(host.weight().sub(host.shaped(delta())));
  }
}
