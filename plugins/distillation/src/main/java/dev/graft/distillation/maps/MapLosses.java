package dev.graft.distillation.maps;

import dev.graft.distillation.Compare;
import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Losses between feature maps (N, C, H, W) that train nothing of their own, as pure functions. */
final class MapLosses {

  private MapLosses() {}

  /** Sum over pairs of the mean squared difference of attention maps of length 1. */
  static Tensor attention(List<Tensor> student, List<Tensor> teacher, double power) {
    Tensor sum = Tensor.scalar(0);
    for (int i = 0; i < student.size(); i++) {
      Compare.Maps maps = Compare.Maps.alike(student.get(i), teacher.get(i));
      sum = sum.add(Nn.mseLoss(attention(maps.student(), power), attention(maps.teacher(), power)));
    }
    return sum;
  }

  /** Mean over channels of the values to a power, (N, H · W), scaled to length 1. */
  private static Tensor attention(Tensor map, double power) {
    return Compare.unit(map.pow(power).mean(false, 1).flatten(1), 1);
  }

  /**
   * Sum over pairs of the squared maximum mean discrepancy between the channels of both maps, each
   * scaled to length 1 over space, with the kernel (a · b)².
   */
  static Tensor neuronSelectivity(List<Tensor> student, List<Tensor> teacher) {
    Tensor sum = Tensor.scalar(0);
    for (int i = 0; i < student.size(); i++) {
      Compare.Maps maps = Compare.Maps.alike(student.get(i), teacher.get(i));
      Tensor ours = Compare.unit(maps.student().flatten(2), 2);
      Tensor theirs = Compare.unit(maps.teacher().flatten(2), 2);
      sum =
          sum.add(kernel(theirs, theirs)).add(kernel(ours, ours)).sub(kernel(ours, theirs).mul(2));
    }
    return sum;
  }

  private static Tensor kernel(Tensor a, Tensor b) {
    return a.matmul(b.transpose(1, 2)).pow(2).mean();
  }

  /**
   * Mean over neighbouring pairs of stages of the mean squared difference of flow matrices:
   * products of channels of one stage with channels of the next, mean over space.
   */
  static Tensor flow(List<Tensor> student, List<Tensor> teacher) {
    Tensor sum = Tensor.scalar(0);
    for (int i = 0; i + 1 < student.size(); i++) {
      Tensor ours = flow(student.get(i), student.get(i + 1));
      sum = sum.add(Nn.mseLoss(ours, flow(teacher.get(i), teacher.get(i + 1))));
    }
    return sum;
  }

  private static Tensor flow(Tensor lower, Tensor upper) {
    Compare.Maps maps = Compare.Maps.alike(lower, upper);
    Tensor a = maps.student().flatten(2);
    Tensor b = maps.teacher().flatten(2);
    return a.matmul(b.transpose(1, 2)).div((double) a.size(2));
  }

  /**
   * How far the student's responses lie on the wrong side of the teacher's activation boundary, by
   * more than a margin on the right one: squared, summed, divided by the batch size and 1000/3.
   *
   * @param student responses before an activation, in the teacher's shape
   */
  static Tensor boundary(Tensor student, Tensor teacher, double margin) {
    DType dtype = student.dtype();
    Tensor active = teacher.gt(0).to(dtype);
    Tensor low = student.add(margin);
    Tensor high = student.sub(margin);
    Tensor tooHigh = low.pow(2).mul(low.gt(0).to(dtype)).mul(active.neg().add(1));
    // At the margin itself the difference is 0, so that either side may count it.
    Tensor tooLow = high.pow(2).mul(high.lt(0).to(dtype)).mul(active);
    return tooHigh.add(tooLow).sum().div((double) student.size(0)).mul(3.0 / 1000);
  }

  /**
   * Squared difference to the teacher's response where either the teacher is active or the student
   * exceeds it, summed, divided by the batch size and 1000.
   *
   * @param margin lowest response of each channel that counts, (1, C, 1, 1), at most 0
   */
  static Tensor partial(Tensor student, Tensor teacher, Tensor margin) {
    DType dtype = student.dtype();
    Tensor target = Tensor.where(teacher.sub(margin).gt(0), teacher, margin);
    Tensor above = student.sub(target).gt(0);
    Tensor counts = Tensor.where(target.gt(0), Tensor.ones(), above.to(dtype));
    return student
        .sub(target)
        .pow(2)
        .mul(counts.detach())
        .sum()
        .div((double) student.size(0))
        .div(1000);
  }

  /** Mean squared difference of maps and of their means over 4 x 4, 2 x 2 and 1 cells. */
  static Tensor context(Tensor student, Tensor teacher) {
    Tensor sum = Nn.mseLoss(student, teacher);
    double weight = 1;
    double total = 1;
    for (long cells : new long[] {4, 2, 1}) {
      if (cells < student.size(2) && cells < student.size(3)) {
        weight /= 2;
        Tensor ours = Nn.adaptiveAvgPool2d(student, cells, cells);
        Tensor theirs = Nn.adaptiveAvgPool2d(teacher, cells, cells);
        sum = sum.add(Nn.mseLoss(ours, theirs).mul(weight));
        total += weight;
      }
    }
    return sum.div(total);
  }

  /** Mean absolute difference of two factors, each scaled to length 1 over all its values. */
  static Tensor factors(Tensor student, Tensor teacher) {
    return Compare.unit(student.flatten(1), 1)
        .sub(Compare.unit(teacher.flatten(1), 1))
        .abs()
        .mean();
  }
}
