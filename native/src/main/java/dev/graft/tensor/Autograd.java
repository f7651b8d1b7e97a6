package dev.graft.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Switches the recording of gradients on this thread, and computes gradients of chosen inputs. */
public final class Autograd implements AutoCloseable {

  private final AutoGradMode guard;

  private Autograd(boolean enabled) {
    Runtime.start();
    guard = new AutoGradMode(enabled);
  }

  /** Records nothing until closed: {@code try (var off = Autograd.off()) { … }}. */
  public static Autograd off() {
    return new Autograd(false);
  }

  /** Records until closed, whatever the surroundings say. */
  public static Autograd on() {
    return new Autograd(true);
  }

  /**
   * Gradients of a scalar with respect to the given tensors; their {@code grad()} is not touched.
   *
   * @param keepGraph whether another pass over the same graph will follow
   * @return one gradient per input, in order; zeros where the output does not depend on it
   */
  public static List<Tensor> gradients(Tensor output, List<Tensor> inputs, boolean keepGraph) {
    TensorVector gradients =
        torch.grad(
            new TensorVector(output.handle()),
            Tensor.vector(inputs),
            new TensorVector(),
            new BoolOptional(keepGraph),
            /* create_graph= */ false,
            /* allow_unused= */ true);
    List<Tensor> result = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      org.bytedeco.pytorch.Tensor gradient = gradients.get(i);
      result.add(
          gradient.defined()
              ? Tensor.copyOf(gradient)
              : Tensor.zeros(inputs.get(i).dtype(), inputs.get(i).shape()));
    }
    return result;
  }

  @Override
  public void close() {
    guard.close();
  }
}
