package dev.graft.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Switches the recording of gradients on this thread, and computes gradients of chosen inputs. */
public final class Autograd implements AutoCloseable {

  private final boolean before;
  private final Thread owner = Thread.currentThread();

  private Autograd(boolean enabled) {
    Runtime.start();
    before = GradMode.is_enabled();
    GradMode.set_enabled(enabled);
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
    List<Tensor> result = new ArrayList<>();
    try (TensorVector outputs = Tensor.vector(List.of(output));
        TensorVector leaves = Tensor.vector(inputs);
        TensorVector none = new TensorVector();
        BoolOptional retain = new BoolOptional(keepGraph);
        TensorVector gradients =
            torch.grad(
                outputs,
                leaves,
                none,
                retain,
                /* create_graph= */ false,
                /* allow_unused= */ true)) {
      for (int i = 0; i < inputs.size(); i++) {
        org.bytedeco.pytorch.Tensor gradient = gradients.get(i);
        result.add(
            gradient.defined()
                ? Tensor.copyOf(gradient)
                : Tensor.zeros(inputs.get(i).dtype(), inputs.get(i).shape()));
      }
    }
    return result;
  }

  /** Restores what was before. */
  @Override
  public void close() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "autograd switched on thread '%s' and restored on '%s'; the switch is per thread"
              .formatted(owner.getName(), Thread.currentThread().getName()));
    }
    GradMode.set_enabled(before);
  }
}
