package dev.graft.weights;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.model.Model;
import dev.graft.model.Parameter;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.weights.LoadReport.Entry;
import dev.graft.weights.LoadReport.Form;
import dev.graft.weights.LoadReport.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Copies weights into a model, all of them or, where they do not fit, none. */
public final class WeightLoader {

  private WeightLoader() {}

  /**
   * Copies every tensor of the file into the one of the same name; floating types are converted.
   *
   * @return what became of each tensor
   * @throws LoadException if a tensor is missing, unexpected or mismatched beyond what the rules
   *     allow; the model is then unchanged
   * @throws WeightFormatException if a value cannot be read
   */
  @CanIgnoreReturnValue
  public static LoadReport load(Model model, Weights weights, LoadRules rules) {
    Map<String, Tensor> state = model.state();
    Map<String, Form> wanted = new LinkedHashMap<>();
    state.forEach((name, tensor) -> wanted.put(name, new Form(tensor.dtype(), tensor.shape())));
    LoadReport report = LoadReport.plan(wanted, weights, rules);
    if (!report.isComplete()) {
      throw new LoadException("a " + model.spec().family(), report);
    }
    try (Autograd off = Autograd.off()) {
      for (Entry entry : report.entries()) {
        if (entry.kind() == Kind.LOADED || entry.kind() == Kind.ADAPTED) {
          copy(weights.get(entry.source()), entry, state.get(entry.name()));
        }
      }
    }
    return report;
  }

  /**
   * The weight of the first convolution, if there is one: the first parameter in the order of the
   * network that has four dimensions.
   */
  public static Optional<String> firstConvolution(Model model) {
    return model.parameters().values().stream()
        .filter(parameter -> parameter.tensor().shape().length == 4)
        .map(Parameter::name)
        .findFirst();
  }

  private static void copy(HostTensor values, Entry entry, Tensor target) {
    HostTensor fitted =
        entry.kind() == Kind.ADAPTED
            ? InputChannels.adapt(values, entry.wanted().shape()[1])
            : values;
    try (Scope scope = Scope.open()) {
      target.copyInPlace(Tensor.of(fitted));
    }
  }
}
