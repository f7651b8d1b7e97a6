package dev.graft.distillation.maps;

import dev.graft.distillation.Compare;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.Heard;
import dev.graft.distillation.Setup;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Module;
import dev.graft.layers.Sequential;
import dev.graft.spi.Step;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.Map;

/** Factors of both maps against each other, and the paraphraser's error of reconstruction. */
final class FactorLoss implements DistillationLoss {

  private final Sequential encoder;
  private final Sequential decoder;
  private final Sequential translator;
  private final double ownShare;

  /**
   * Networks of three convolutions with random weights.
   *
   * @param rate channels of the factors over those of the teacher
   * @param ownShare factor of the error of reconstruction
   */
  FactorLoss(Setup setup, double rate, double ownShare) {
    this.ownShare = ownShare;
    long theirs = setup.teacherChannels(0);
    long factors = Math.max(1, Math.round(rate * theirs));
    encoder = stack(theirs, theirs, factors, factors);
    decoder = stack(factors, factors, theirs, theirs);
    translator = stack(setup.studentChannels(0), setup.studentChannels(0), factors, factors);
  }

  /** Convolutions of 3 x 3 from each number of channels to the next; the last one is linear. */
  private static Sequential stack(long... channels) {
    Sequential stack = new Sequential();
    for (int i = 0; i + 1 < channels.length; i++) {
      stack.add(new Conv2d(Conv2d.Spec.of(channels[i], channels[i + 1], 3).padding(1).bias(true)));
      if (i + 2 < channels.length) {
        stack.add(new BatchNorm2d(channels[i + 1]));
        stack.add(new Activation(Activation.Function.RELU));
      }
    }
    return stack;
  }

  @Override
  public Tensor of(Heard student, Heard teacher, Step.Part part) {
    Tensor factors = encoder.apply(teacher.last());
    Tensor reconstruction = Nn.mseLoss(decoder.apply(factors), teacher.last());
    Tensor translated = translator.apply(student.last());
    // The teacher's factors are a target: they must not come to meet the student's.
    Compare.Maps maps = Compare.Maps.alike(translated, factors.detach());
    return MapLosses.factors(maps.student(), maps.teacher()).add(reconstruction.mul(ownShare));
  }

  @Override
  public Map<String, Module> parts() {
    return Map.of("encoder", encoder, "decoder", decoder, "translator", translator);
  }
}
