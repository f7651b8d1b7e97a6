package dev.graft.tensor;

import java.util.List;

/**
 * An optimiser step in plain tensor operations: the reference of the C++ kernel, and what runs for
 * other element types and devices.
 */
final class PlainUpdate {

  private final FusedOptimizer optimizer;
  private final UpdateRule rule;
  private final double maxNorm;

  PlainUpdate(FusedOptimizer optimizer, UpdateRule rule, double maxNorm) {
    this.optimizer = optimizer;
    this.rule = rule;
    this.maxNorm = maxNorm;
  }

  /** Returns the norm of all gradients; does nothing else where it is not finite. */
  double apply(double[] learningRate, double[] decay) {
    try (Autograd off = Autograd.off();
        Scope scope = Scope.open()) {
      List<Tensor> parameters = optimizer.parameters();
      double norm = Gradients.plainNorm(parameters);
      if (!Double.isFinite(norm)) {
        return norm;
      }
      double clip = Gradients.clipFactor(norm, maxNorm);
      for (int i = 0; i < parameters.size(); i++) {
        if (parameters.get(i).hasGrad()) {
          try (Scope perParameter = Scope.open()) {
            update(i, clip, learningRate[i], decay[i]);
          }
        }
      }
      return norm;
    }
  }

  private void update(int index, double clip, double learningRate, double decay) {
    Tensor parameter = optimizer.parameters().get(index);
    Tensor gradient = clip == 1 ? parameter.grad() : parameter.grad().mul(clip);
    long step = optimizer.steps(index) + 1;
    optimizer.setSteps(index, step);
    if (rule instanceof UpdateRule.Adam adam) {
      if (adam.decoupled()) {
        parameter.mulInPlace(1 - learningRate * decay);
      } else {
        gradient = withDecay(gradient, parameter, decay);
      }
      adam(adam, index, gradient, learningRate);
    } else {
      Tensor direction = direction(index, withDecay(gradient, parameter, decay));
      parameter.addInPlace(direction, -learningRate);
    }
  }

  private static Tensor withDecay(Tensor gradient, Tensor parameter, double decay) {
    return decay == 0 ? gradient : gradient.add(parameter.mul(decay));
  }

  private void adam(UpdateRule.Adam adam, int index, Tensor gradient, double learningRate) {
    double step = optimizer.steps(index);
    Tensor mean = optimizer.state(index, "exp_avg");
    Tensor square = optimizer.state(index, "exp_avg_sq");
    mean.lerpInPlace(gradient, 1 - adam.beta1());
    square.mulInPlace(adam.beta2());
    square.addProductInPlace(gradient, gradient, 1 - adam.beta2());
    Tensor root = square.sqrt().div(Math.sqrt(1 - Math.pow(adam.beta2(), step)));
    double rate = learningRate / (1 - Math.pow(adam.beta1(), step));
    optimizer.parameters().get(index).addQuotientInPlace(mean, root.add(adam.eps()), -rate);
  }

  private Tensor direction(int index, Tensor gradient) {
    UpdateRule.Sgd sgd = (UpdateRule.Sgd) rule;
    if (sgd.momentum() == 0) {
      return gradient;
    }
    Tensor buffer = optimizer.state(index, "momentum_buffer");
    if (optimizer.steps(index) == 1) {
      buffer.copyInPlace(gradient);
    } else {
      buffer.mulInPlace(sgd.momentum());
      buffer.addInPlace(gradient, 1 - sgd.dampening());
    }
    return sgd.nesterov() ? gradient.add(buffer.mul(sgd.momentum())) : buffer;
  }
}
