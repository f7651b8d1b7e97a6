package dev.graft.regularization;

import dev.graft.layers.Conv2d;
import dev.graft.layers.Linear;
import dev.graft.layers.Module;
import dev.graft.model.Model;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Feature maps as a regulariser compares them: (N, channels, positions). */
final class FeatureMaps {

  private FeatureMaps() {}

  /**
   * The last convolution of each group between the first and the head; where there is none, the
   * last linear layer of each.
   */
  static List<String> defaults(Model model) {
    List<String> convolutions = lastOfEachGroup(model, Conv2d.class);
    return convolutions.isEmpty() ? lastOfEachGroup(model, Linear.class) : convolutions;
  }

  private static List<String> lastOfEachGroup(Model model, Class<? extends Module> type) {
    Map<String, String> last = new LinkedHashMap<>();
    String first = model.groups().get(0).name();
    String head = model.groups().get(model.groups().size() - 1).name();
    model
        .modules()
        .forEach(
            (path, module) -> {
              if (type.isInstance(module)) {
                last.put(model.groupOf(path), path);
              }
            });
    last.remove(head);
    if (last.size() > 1) {
      last.remove(first);
    }
    return new ArrayList<>(last.values());
  }

  /** Maps (N, C, H, W), tokens (N, L, C) or rows (N, C) as (N, C, P). */
  static Tensor channels(Tensor output) {
    return switch (output.dim()) {
      case 2 -> output.unsqueeze(2);
      case 3 -> output.transpose(1, 2);
      default -> output.flatten(2);
    };
  }

  /** An output with one channel set to 0. */
  static Tensor without(Tensor output, long channel) {
    int at = output.dim() == 3 ? 2 : 1;
    float[] keep = new float[(int) output.size(at)];
    java.util.Arrays.fill(keep, 1);
    keep[(int) channel] = 0;
    long[] shape = new long[output.dim()];
    java.util.Arrays.fill(shape, 1);
    shape[at] = keep.length;
    return output.mul(Tensor.of(keep, shape));
  }

  /** Half the squared distance of two outputs. */
  static Tensor distance(Tensor target, Tensor source) {
    return target.sub(source).pow(2).sum().mul(0.5);
  }

  /**
   * Half the squared distance, each channel weighted by C times its attention and the whole divided
   * by the number of positions.
   *
   * @param attention (C), sums to 1
   */
  static Tensor distance(Tensor target, Tensor source, Tensor attention) {
    Tensor squares = channels(target).sub(channels(source)).pow(2);
    double scale = 0.5 * attention.count() / squares.size(2);
    return squares.sum(false, 0, 2).mul(attention).sum().mul(scale);
  }
}
