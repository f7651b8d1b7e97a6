package dev.graft.distillation.maps;

import dev.graft.distillation.Compare;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.Heard;
import dev.graft.layers.Module;
import dev.graft.spi.Step;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what regressors make of the student's maps with the teacher's, at the smaller size.
 *
 * @param regressors one per pair of taps
 * @param distance of the student's to the teacher's maps, pair by pair of one shape
 */
record RegressedLoss(List<Regressor> regressors, Distance distance) implements DistillationLoss {

  /** A loss between maps of equal shapes. */
  interface Distance {

    Tensor between(List<Tensor> student, List<Tensor> teacher);
  }

  @Override
  public Tensor of(Heard student, Heard teacher, Step.Part part) {
    List<Tensor> ours = new ArrayList<>();
    List<Tensor> theirs = new ArrayList<>();
    for (int i = 0; i < regressors.size(); i++) {
      Tensor regressed = regressors.get(i).apply(student.taps().get(i));
      Compare.Maps maps = Compare.Maps.alike(regressed, teacher.taps().get(i));
      ours.add(maps.student());
      theirs.add(maps.teacher());
    }
    return distance.between(ours, theirs);
  }

  @Override
  public Map<String, Module> parts() {
    return named("regressor", regressors);
  }

  /** Modules under a name and their position. */
  static Map<String, Module> named(String name, List<? extends Module> modules) {
    Map<String, Module> parts = new LinkedHashMap<>();
    for (int i = 0; i < modules.size(); i++) {
      parts.put(name + i, modules.get(i));
    }
    return parts;
  }
}
