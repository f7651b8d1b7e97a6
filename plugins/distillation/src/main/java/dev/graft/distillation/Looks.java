package dev.graft.distillation;

import dev.graft.spi.BoundTerm.Needs;
import dev.graft.tensor.Tensor;
import java.util.List;

/** What a method compares of student and teacher, beside their logits. */
public enum Looks {
  /** Nothing: the logits are enough. */
  LOGITS,
  /** What enters the head, (N, D). */
  FEATURES,
  /** The last feature map, (N, C, H, W). */
  LAST_MAP,
  /** A feature map in the middle, (N, C, H, W). */
  MIDDLE_MAP,
  /** A feature map at the end of each stage, (N, C, H, W). */
  MAPS;

  /** The tap that {@link #FEATURES} listens to. */
  static final List<String> HEAD_INPUT = List.of(Needs.FEATURES);

  /**
   * A tapped output in the form that losses read. Maps are (N, C, H, W): tokens (N, L, D) become
   * (N, D, L, 1) and vectors (N, D, 1, 1). Features are (N, D): the mean over tokens or positions.
   */
  Tensor form(Tensor tap) {
    if (this == FEATURES) {
      return switch (tap.dim()) {
        case 2 -> tap;
        case 3 -> tap.mean(false, 1);
        default -> tap.mean(false, 2, 3);
      };
    }
    return switch (tap.dim()) {
      case 2 -> tap.unsqueeze(2).unsqueeze(3);
      case 3 -> tap.transpose(1, 2).unsqueeze(3);
      default -> tap;
    };
  }

  /** The shape of what {@link #form} makes of an output of the given shape. */
  long[] form(long[] shape) {
    if (this == FEATURES) {
      return new long[] {shape[0], shape.length == 4 ? shape[1] : shape[shape.length - 1]};
    }
    return switch (shape.length) {
      case 2 -> new long[] {shape[0], shape[1], 1, 1};
      case 3 -> new long[] {shape[0], shape[2], shape[1], 1};
      default -> shape;
    };
  }
}
