package dev.graft.distillation.maps;

import dev.graft.distillation.Compare;
import dev.graft.tensor.Linalg;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * The loss of KDSVD. A map (N, C, H, W) is the matrix (C · H, W) of each example; its leading right
 * singular vectors, weighed by the teacher's singular values, stand for it. Vectors of neighbouring
 * stages are compared by a radial kernel, and the student's kernel with the teacher's.
 */
final class SingularVectors {

  /** Vectors of the student beyond k, among which the teacher's find their like. */
  private static final int MORE = 3;

  /** Squared width of the kernel. */
  private static final double WIDTH = 8;

  /**
   * Added to the diagonal, growing from row to row: equal singular values, as those of a map with
   * dead rows, have no gradient.
   */
  private static final double APART = 1e-6;

  private SingularVectors() {}

  /** Sum over stages but the first of squared differences of kernels, over the batch size. */
  static Tensor loss(List<Tensor> student, List<Tensor> teacher, int k) {
    Tensor sum = Tensor.scalar(0);
    Tensor ourLast = null;
    Tensor theirLast = null;
    for (int i = 0; i < student.size(); i++) {
      Compare.Maps maps = Compare.Maps.alike(student.get(i), teacher.get(i));
      Linalg.Svd theirs = decomposed(maps.teacher());
      int kept = (int) Math.min(k, theirs.s().size(1));
      Tensor values = Compare.unit(theirs.s().narrow(1, 0, kept), 1).unsqueeze(1);
      Tensor vectors = leading(theirs, kept);
      Tensor ours = aligned(leading(decomposed(maps.student()), kept + MORE), vectors).mul(values);
      Tensor their = vectors.mul(values);
      if (ourLast != null) {
        sum = sum.add(kernel(ours, ourLast).sub(kernel(their, theirLast)).pow(2).sum());
      }
      ourLast = ours;
      theirLast = their;
    }
    return sum.div((double) student.get(0).size(0));
  }

  private static Linalg.Svd decomposed(Tensor map) {
    Tensor rows = map.reshape(map.size(0), map.size(1) * map.size(2), map.size(3));
    long size = Math.min(rows.size(1), rows.size(2));
    Tensor growing = Tensor.arange(size).add(1).mul(APART).to(rows.dtype()).unsqueeze(1);
    Tensor apart = Tensor.eye(size).to(rows.dtype()).mul(growing);
    Tensor corner = rows.narrow(1, 0, size).narrow(2, 0, size).add(apart);
    Tensor right = rows.narrow(1, 0, size).narrow(2, size, rows.size(2) - size);
    Tensor upper = Tensor.cat(List.of(corner, right), 2);
    Tensor lower = rows.narrow(1, size, rows.size(1) - size);
    return Linalg.svd(Tensor.cat(List.of(upper, lower), 1));
  }

  /** The leading right singular vectors as columns, (N, W, count). */
  private static Tensor leading(Linalg.Svd decomposed, int count) {
    Tensor columns = decomposed.vt().transpose(1, 2);
    return columns.narrow(2, 0, Math.min(count, columns.size(2)));
  }

  /** For each vector of the teacher the student's most similar one, with the same sign. */
  private static Tensor aligned(Tensor ours, Tensor theirs) {
    Tensor cosines = ours.transpose(1, 2).matmul(theirs);
    Tensor best = cosines.abs().transpose(1, 2).topk(1).values().transpose(1, 2);
    Tensor chosen = cosines.abs().sub(best).gt(-1e-12).to(cosines.dtype());
    return ours.matmul(cosines.sign().mul(chosen).detach());
  }

  private static Tensor kernel(Tensor vectors, Tensor before) {
    return vectors.unsqueeze(2).sub(before.unsqueeze(1)).pow(2).div(WIDTH).neg().exp();
  }
}
