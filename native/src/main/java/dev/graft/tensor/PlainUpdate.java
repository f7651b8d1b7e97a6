package dev.graft.tensor;

import dev.graft.tensor.OptimizerStep.Entry;
import java.util.List;

/**
 * An optimiser step in plain tensor operations: the reference of the C++ kernel, and what runs for
 * other element types and devices.
 */
final class PlainUpdate {

  private final UpdateRule rule;
  private final double maxNorm;

  PlainUpdate(UpdateRule rule, double maxNorm) {
    this.rule = rule;
    this.maxNorm = maxNorm;
  }

  /** Returns the norm of all gradients; does nothing else where it is not finite. */
  double apply(List<Entry> entries) {
    try (Autograd off = Autograd.off();
        Scope scope = Scope.open()) {
      double norm = Gradients.plainNorm(entries.stream().map(Entry::parameter).toList());
      if (Double.isFinite(norm)) {
        double clip = Gradients.clipFactor(norm, maxNorm);
        for (Entry entry : entries) {
          if (entry.parameter().hasGrad()) {
            update(entry, clip);
          }
        }
      }
      return norm;
    }
  }

  private void update(Entry entry, double clip) {
    try (Scope scope = Scope.open()) {
      Tensor parameter = entry.parameter();
      Tensor gradient = clip == 1 ? parameter.grad() : parameter.grad().mul(clip);
      if (rule.decoupled()) {
        parameter.mulInPlace(1 - entry.learningRate() * entry.decay());
      } else if (entry.decay() != 0) {
        gradient = gradient.add(parameter.mul(entry.decay()));
      }
      if (rule instanceof UpdateRule.Adam adam) {
        adam(adam, entry, gradient);
      } else {
        parameter.addInPlace(
            direction((UpdateRule.Sgd) rule, entry, gradient), -entry.learningRate());
      }
    }
  }

  private static void adam(UpdateRule.Adam adam, Entry entry, Tensor gradient) {
    double update = entry.update();
    Tensor mean = entry.state().get(0);
    Tensor square = entry.state().get(1);
    mean.lerpInPlace(gradient, 1 - adam.beta1());
    square.mulInPlace(adam.beta2());
    square.addProductInPlace(gradient, gradient, 1 - adam.beta2());
    Tensor root = square.sqrt().div(Math.sqrt(1 - Math.pow(adam.beta2(), update)));
    double rate = entry.learningRate() / (1 - Math.pow(adam.beta1(), update));
    entry.parameter().addQuotientInPlace(mean, root.add(adam.eps()), -rate);
  }

  private static Tensor direction(UpdateRule.Sgd sgd, Entry entry, Tensor gradient) {
    if (sgd.momentum() == 0) {
      return gradient;
    }
    Tensor buffer = entry.state().get(0);
    if (entry.update() == 1) {
      buffer.copyInPlace(gradient);
    } else {
      buffer.mulInPlace(sgd.momentum());
      buffer.addInPlace(gradient, 1 - sgd.dampening());
    }
    return sgd.nesterov() ? gradient.add(buffer.mul(sgd.momentum())) : buffer;
  }
}
