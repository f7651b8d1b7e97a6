package dev.graft.distillation.maps;

import dev.graft.distillation.Setup;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * From a map of the student to the channels of the teacher: a convolution, a normalisation, an
 * activation. A map of twice the teacher's size is halved on the way.
 */
final class Regressor extends Layer {

  private final Child conv;
  private final Child bn;
  private final Activation.Function then;

  /**
   * A regressor with random weights.
   *
   * @param halves whether height and width are halved
   */
  Regressor(long in, long out, boolean halves, Activation.Function then) {
    Conv2d.Spec spec =
        halves ? Conv2d.Spec.of(in, out, 3).stride(2).padding(1) : Conv2d.Spec.of(in, out, 1);
    this.conv = child("conv", new Conv2d(spec.bias(true)));
    this.bn = child("bn", new BatchNorm2d(out));
    this.then = then;
  }

  /** The regressor for one pair of taps. */
  static Regressor of(Setup setup, int tap, Activation.Function then) {
    long[] ours = setup.student().get(tap);
    long[] theirs = setup.teacher().get(tap);
    boolean halves = ours[2] == 2 * theirs[2] && ours[3] == 2 * theirs[3];
    return new Regressor(ours[1], theirs[1], halves, then);
  }

  /** One regressor for each pair of taps. */
  static List<Regressor> all(Setup setup, Activation.Function then) {
    List<Regressor> all = new ArrayList<>();
    for (int i = 0; i < setup.student().size(); i++) {
      all.add(of(setup, i, then));
    }
    return all;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return then.apply(bn.apply(conv.apply(x)));
  }
}
