package dev.graft.plan;

import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Linear;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import java.util.List;
import java.util.Map;

/** Two stages with normalisation and a head. */
final class SketchNetwork extends Network {

  private final Child conv1 = child("conv1", new Conv2d(Conv2d.Spec.of(3, 8, 3)));
  private final Child bn1 = child("bn1", new BatchNorm2d(8));
  private final Child conv2 = child("conv2", new Conv2d(Conv2d.Spec.of(8, 16, 3).bias(true)));
  private final Child fc = child("fc", new Linear(16, 4));

  static Model model() {
    return new Model(new ModelSpec("sketch", Map.of()), new SketchNetwork());
  }

  @Override
  public List<Group> groups() {
    return List.of(
        Group.unary(
            "stem", List.of("conv1", "bn1"), Group.Edge.FIRST, x -> bn1.apply(conv1.apply(x))),
        Group.unary(
            "body", List.of("conv2"), Group.Edge.LAST, x -> conv2.apply(x).mean(false, 2, 3)),
        Group.unary("head", List.of("fc"), Group.Edge.HEAD, fc::apply));
  }

  @Override
  public String headPath() {
    return "fc";
  }

  @Override
  public long featureCount() {
    return 16;
  }
}
