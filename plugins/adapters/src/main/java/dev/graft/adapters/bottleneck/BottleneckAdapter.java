package dev.graft.adapters.bottleneck;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.layers.Activation;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Initial;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Down to a few features, an activation, up again, added to the layer's output. In a row it reads
 * the layer's output, in parallel its input. On a convolution both maps are convolutions: of 1×1 in
 * a row; in parallel the first has the layer's own kernel and stride. The second starts at zero.
 */
final class BottleneckAdapter extends Adapter {

  /** With fewer features than this between, all of them may fall silent at once. */
  private static final long LEAST = 4;

  private static final long[] ONE = {1, 1};
  private static final long[] ZERO = {0, 0};

  /** Where it reads. */
  enum Form {
    /** The layer's output. */
    ROW,
    /** The layer's input. */
    PARALLEL
  }

  /** Settings of both forms. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.number(
              "reduction",
              16,
              1,
              4096,
              "features of the layer over those between, of which there are 4 or more"),
          Setting.text(
              "activation", "relu", List.of("relu", "gelu", "silu", "tanh"), "between the maps"));

  private final Form form;
  private final Activation.Function activation;
  private final Tensor down;
  private final Tensor downBias;
  private final Tensor up;
  private final Tensor upBias;

  BottleneckAdapter(Host host, Settings settings, Form form) {
    super(host);
    this.form = form;
    activation = Activation.Function.parse(settings.text("activation"));
    long between =
        Math.max(
            Math.min(LEAST, host.rows()),
            (long) ((double) host.rows() / settings.number("reduction")));
    boolean maps = host.form() == Host.Form.CONVOLUTION;
    if (form == Form.PARALLEL && maps) {
      between = Math.max(host.groups(), between / host.groups() * host.groups());
      long[] shape = host.weight().shape();
      down = parameter("down.weight", initial(between, shape[1], shape[2], shape[3]));
    } else {
      long inputs = form == Form.ROW ? host.rows() : host.columns();
      down =
          parameter(
              "down.weight", maps ? initial(between, inputs, 1, 1) : initial(between, inputs));
    }
    downBias = parameter("down.bias", Tensor.zeros(between));
    up =
        parameter(
            "up.weight",
            maps ? Tensor.zeros(host.rows(), between, 1, 1) : Tensor.zeros(host.rows(), between));
    upBias = parameter("up.bias", Tensor.zeros(host.rows()));
  }

  private static Tensor initial(long... shape) {
    return Initial.fanIn(shape);
  }

  @Override
  protected Tensor forward(Tensor x, Below below) {
    Tensor output = below.output(x);
    Tensor read = form == Form.ROW ? output : x;
    if (host().form() != Host.Form.CONVOLUTION) {
      Tensor between = activation.apply(Nn.linear(read, down, downBias));
      return output.add(Nn.linear(between, up, upBias));
    }
    Tensor between =
        form == Form.PARALLEL
            ? ((Conv2d) host().layer()).convolve(read, down, downBias)
            : pointwise(read, down, downBias);
    return output.add(pointwise(activation.apply(between), up, upBias));
  }

  private static Tensor pointwise(Tensor x, Tensor weight, Tensor bias) {
    return Nn.conv2d(x, weight, bias, ONE, ZERO, ONE, 1);
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    throw new UnsupportedOperationException(
        "a bottleneck with an activation is no linear map; keep it beside the layer");
  }
}
