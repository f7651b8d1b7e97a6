package dev.graft.distillation.maps;

import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.Heard;
import dev.graft.distillation.Setup;
import dev.graft.layers.Module;
import dev.graft.plan.Stream;
import dev.graft.spi.Companion;
import dev.graft.spi.Step;
import dev.graft.tensor.DType;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The partial distance of OFD, with the margins of the teacher's channels. */
final class OverhaulLoss implements DistillationLoss {

  private final Setup setup;
  private final List<Tensor> margins = new ArrayList<>();
  private final RegressedLoss regressed;

  OverhaulLoss(List<Regressor> regressors, Setup setup) {
    this.setup = setup;
    this.regressed = new RegressedLoss(regressors, this::distance);
    for (int i = 0; i < regressors.size(); i++) {
      margins.add(Scope.release(Tensor.zeros(1, setup.teacherChannels(i), 1, 1)));
    }
  }

  @Override
  public Tensor of(Heard student, Heard teacher, Step.Part part) {
    return regressed.of(student, teacher, part);
  }

  /** The last stage counts fully, each one before it half as much as its successor. */
  private Tensor distance(List<Tensor> student, List<Tensor> teacher) {
    Tensor sum = Tensor.scalar(0);
    for (int i = 0; i < student.size(); i++) {
      double weight = Math.pow(2, i - student.size() + 1);
      Tensor loss = MapLosses.partial(student.get(i), teacher.get(i), margins.get(i));
      sum = sum.add(loss.mul(weight));
    }
    return sum;
  }

  /** Mean of the negative responses of each channel of the teacher over the training part. */
  @Override
  public void prepare() {
    try (Scope scope = Scope.open()) {
      List<Tensor> sums = margins.stream().map(Tensor::zerosLike).toList();
      List<Tensor> counts = margins.stream().map(Tensor::zerosLike).toList();
      Stream stream = setup.run().phase().streams().get(0);
      setup.run().forEachBatch(stream.data(), step -> add(step, sums, counts));
      for (int i = 0; i < margins.size(); i++) {
        Tensor count = counts.get(i).clamp(1, Double.POSITIVE_INFINITY);
        margins.get(i).copyInPlace(sums.get(i).div(count));
      }
    }
  }

  private void add(Step step, List<Tensor> sums, List<Tensor> counts) {
    Companion.Seen seen = setup.view().see(step, 0);
    List<Tensor> maps = setup.teacherTaps(seen);
    for (int i = 0; i < maps.size(); i++) {
      Tensor negative = maps.get(i).clamp(Double.NEGATIVE_INFINITY, 0);
      sums.get(i).addInPlace(negative.sum(true, 0, 2, 3), 1);
      counts.get(i).addInPlace(negative.lt(0).to(DType.FLOAT32).sum(true, 0, 2, 3), 1);
    }
  }

  @Override
  public Map<String, Module> parts() {
    return regressed.parts();
  }

  @Override
  public Map<String, Tensor> memory() {
    Map<String, Tensor> memory = new LinkedHashMap<>();
    for (int i = 0; i < margins.size(); i++) {
      memory.put("margin" + i, margins.get(i));
    }
    return memory;
  }
}
