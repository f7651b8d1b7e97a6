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
    /** GELU approximated by a hyperbolic tangent. */
    GELU_TANH,
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
        case GELU_TANH -> Nn.geluTanh(x);
        case SIGMOID -> Nn.sigmoid(x);
        case TANH -> Nn.tanh(x);
      };
    }

    /**
     * Applies the function, and overwrites the input where that is safe as far as the tensor knows:
     * its memory is its own, and the gradient, if one is recorded, does not need the input.
     */
    Tensor overwrite(Tensor x) {
      boolean fromOutput = this == RELU || this == RELU6;
      if (!x.isDense() || (!fromOutput && x.requiresGrad())) {
        return apply(x);
      }
      switch (this) {
        case RELU -> Nn.reluInPlace(x);
        case RELU6 -> Nn.relu6InPlace(x);
        case HARDSWISH -> Nn.hardswishInPlace(x);
        case SILU -> Nn.siluInPlace(x);
        default -> {
          return apply(x);
        }
      }
      return x;
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
  private final boolean overwrites;

  /** A layer that applies the function. */
  public Activation(Function function) {
    this(function, /* overwrites= */ false);
  }

  private Activation(Function function, boolean overwrites) {
    this.function = function;
    this.overwrites = overwrites;
  }

  /**
   * A layer that may overwrite its input, for one that nothing else reads: the output of a
   * convolution, a normalisation, a sum. It saves the memory that a large map takes, and the time
   * to get it. Where taps listen it leaves its input alone.
   */
  public static Activation inPlace(Function function) {
    return new Activation(function, /* overwrites= */ true);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return overwrites && !Taps.active() ? function.overwrite(x) : function.apply(x);
  }
}
