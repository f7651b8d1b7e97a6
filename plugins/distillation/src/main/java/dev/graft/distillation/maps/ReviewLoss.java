package dev.graft.distillation.maps;

import dev.graft.distillation.Compare;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.Heard;
import dev.graft.distillation.Setup;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Module;
import dev.graft.layers.Sequential;
import dev.graft.spi.Step;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fuses the student's maps from the last stage backwards and compares each with the teacher's. */
final class ReviewLoss implements DistillationLoss {

  private static final long MOST_CHANNELS = 512;

  private final List<Fusion> fusions = new ArrayList<>();

  ReviewLoss(Setup setup) {
    int last = setup.student().size() - 1;
    long channels = Math.min(MOST_CHANNELS, setup.studentChannels(last));
    for (int i = 0; i <= last; i++) {
      fusions.add(
          new Fusion(setup.studentChannels(i), channels, setup.teacherChannels(i), i < last));
    }
  }

  @Override
  public Tensor of(Heard student, Heard teacher, Step.Part part) {
    Tensor sum = Tensor.scalar(0);
    Tensor carried = null;
    for (int i = fusions.size() - 1; i >= 0; i--) {
      Tensor target = teacher.taps().get(i);
      carried = fusions.get(i).fused(student.taps().get(i), carried);
      Tensor sized = Compare.nearest(carried, target.size(2), target.size(3));
      sum = sum.add(MapLosses.context(fusions.get(i).output(sized), target));
    }
    return sum;
  }

  @Override
  public Map<String, Module> parts() {
    return RegressedLoss.named("fusion", fusions);
  }

  /** Mixes a map with what later stages gave, cell by cell, and gives the teacher's channels. */
  private static final class Fusion extends Module {

    private final Child entry;
    private final Child exit;
    private final Child attention;

    Fusion(long in, long channels, long out, boolean fuses) {
      entry =
          child(
              "entry",
              new Sequential(
                  new Conv2d(Conv2d.Spec.of(in, channels, 1)), new BatchNorm2d(channels)));
      exit =
          child(
              "exit",
              new Sequential(
                  new Conv2d(Conv2d.Spec.of(channels, out, 3).padding(1)), new BatchNorm2d(out)));
      attention =
          fuses
              ? child("attention", new Conv2d(Conv2d.Spec.of(2 * channels, 2, 1).bias(true)))
              : null;
    }

    /** The map in common channels, mixed with what is carried from later stages. */
    Tensor fused(Tensor map, Tensor carried) {
      Tensor own = entry.apply(map);
      if (attention == null) {
        return own;
      }
      Tensor later = Compare.nearest(carried, own.size(2), own.size(3));
      Tensor shares = Nn.sigmoid(attention.apply(Tensor.cat(List.of(own, later), 1)));
      return own.mul(shares.narrow(1, 0, 1)).add(later.mul(shares.narrow(1, 1, 1)));
    }

    Tensor output(Tensor map) {
      return exit.apply(map);
    }
  }
}
