package dev.graft.layers;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;

/** An element-wise function without parameters. */
public final class Activation extends Layer {

  /** The functions there are. */
  public enum Function {
    IDENTITY,
    RELU,
    RELU6,
    HARDSWISH,
    HARDSIGMOID,
    SILU,
    GELU,
    SIGMOID,
    TANH;

    /** Applies the function to each element. */
    public Tensor apply(Tensor x) {
      return switch (this) {
        case IDENTITY -> x;
        case RELU -> Nn.relu(x);
        case RELU6 -> Nn.relu6(x);
        case HARDSWISH -> Nn.hardswish(x);
        case HARDSIGMOID -> Nn.hardsigmoid(x);
        case SILU -> Nn.silu(x);
        case GELU -> Nn.gelu(x);
        case SIGMOID -> Nn.sigmoid(x);
        case TANH -> Nn.tanh(x);
      };
    }

    /**
     * The function of a name as configurations write it ({@code gelu}, {@code relu6}, …).
     *
     * @throws IllegalArgumentException if there is none; the message lists what exists
     */
    public static Function parse(String name) {
      for (Function function : values()) {
        if (function.name().equals(name.toUpperCase(Locale.ROOT))) {
          return function;
        }
      }
      throw new IllegalArgumentException(
          "unknown activation '%s'; known: %s".formatted(name, Arrays.toString(values())));
    }
  }

  private final Function function;

  /** A layer that applies the function. */
  public Activation(Function function) {
    this.function = function;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return function.apply(x);
  }
}
