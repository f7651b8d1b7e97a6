package dev.graft.distillation.maps;

import dev.graft.distillation.Compare;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.Heard;
import dev.graft.layers.Module;
import dev.graft.spi.Step;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Sum over pairs of taps of what a variational regressor loses.
 *
 * @param regressors one per pair
 */
record VariationalLoss(List<VariationalRegressor> regressors) implements DistillationLoss {

  @Override
  public Tensor of(Heard student, Heard teacher, Step.Part part) {
    Tensor sum = Tensor.scalar(0);
    for (int i = 0; i < regressors.size(); i++) {
      Compare.Maps maps = Compare.Maps.alike(student.taps().get(i), teacher.taps().get(i));
      sum = sum.add(regressors.get(i).loss(maps.student(), maps.teacher()));
    }
    return sum;
  }

  @Override
  public Map<String, Module> parts() {
    return RegressedLoss.named("regressor", regressors);
  }
}
