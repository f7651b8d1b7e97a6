package dev.graft.adapters;

import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.LayerNorm;
import dev.graft.layers.LinearMap;
import dev.graft.layers.Module;
import dev.graft.layers.Tokens;
import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The layer an adapter sits on, seen as a matrix.
 *
 * <p>Whatever its form, its weight is a matrix with one row per output: a linear map (O, I), a
 * convolution (O, I / groups · kh · kw), a table of V vectors of D features (D, V). Written against
 * this view, a method works on all of them, strides, dilations and groups included.
 */
public final class Host {

  /** Forms of layers. */
  public enum Form {
    /** A linear map. */
    LINEAR,
    /** A convolution. */
    CONVOLUTION,
    /** A table of vectors. */
    EMBEDDING,
    /** A normalisation: scale and shift per channel. */
    NORMALISATION,
    /** Anything else; only inputs and outputs can be adapted. */
    OTHER
  }

  private final String path;
  private final Layer layer;
  private final Form form;
  private final long width;

  Host(String path, Layer layer, long width) {
    this.path = path;
    this.width = layer instanceof Tokens tokens ? tokens.features() : width;
    this.layer = layer;
    this.form = formOf(layer);
  }

  static Form formOf(Layer layer) {
    if (layer instanceof LinearMap) {
      return Form.LINEAR;
    }
    if (layer instanceof Conv2d) {
      return Form.CONVOLUTION;
    }
    if (layer instanceof Embedding) {
      return Form.EMBEDDING;
    }
    boolean norm = layer instanceof LayerNorm || layer instanceof BatchNorm2d;
    return norm ? Form.NORMALISATION : Form.OTHER;
  }

  /** Path of the layer in its network. */
  public String path() {
    return path;
  }

  /**
   * Features of the tokens that pass here; where the layer does not say it, those that the
   * network's head reads.
   */
  public long width() {
    return width;
  }

  /** The layer itself, without adapters. */
  public Layer layer() {
    return layer;
  }

  /** Which form it has. */
  public Form form() {
    return form;
  }

  /** True if the name of a layer says that it is the second map of a feed-forward. */
  public static boolean isFeedForwardEnd(String path) {
    return path.matches("(.*\\.)?(" + Targets.FEED_FORWARD_END + ")");
  }

  /** Weight and bias as they stand; null where it has none. */
  public LayerWeights weights() {
    if (layer instanceof LinearMap map) {
      return new LayerWeights(map.weight(), map.bias());
    }
    return new LayerWeights(tensor("weight"), tensor("bias"));
  }

  private Tensor tensor(String name) {
    Module.Weight found = layer.parameters().get(name);
    return found == null ? null : found.tensor();
  }

  /** Its weight. */
  public Tensor weight() {
    return weights().weight();
  }

  /** Blocks of channels that do not mix; 1 for all but grouped convolutions. */
  public long groups() {
    return layer instanceof Conv2d conv ? conv.spec().groups() : 1;
  }

  /** Number of rows: output features or channels. */
  public long rows() {
    return weight().size(form == Form.EMBEDDING ? 1 : 0);
  }

  /** Number of columns: what one output is computed from. */
  public long columns() {
    return weight().count() / rows();
  }

  /** Number of input features or channels, all groups together. */
  public long inputs() {
    return layer instanceof Conv2d conv ? conv.spec().in() : columns();
  }

  /** A weight of the layer's shape as a matrix (rows, columns). */
  public Tensor matrix(Tensor weight) {
    return form == Form.EMBEDDING ? weight.transpose(0, 1) : weight.reshape(rows(), columns());
  }

  /** A matrix (rows, columns) in the shape of the layer's weight. */
  public Tensor shaped(Tensor matrix) {
    return form == Form.EMBEDDING ? matrix.transpose(0, 1) : matrix.reshape(weight().shape());
  }

  /** One value per output, in the shape that broadcasts over the layer's output. */
  public Tensor perOutput(Tensor values) {
    boolean maps = form == Form.CONVOLUTION || layer instanceof BatchNorm2d;
    return maps ? values.reshape(-1, 1, 1) : values.reshape(-1);
  }

  /**
   * One value per output for each row of a batch, in the shape that broadcasts over that output.
   *
   * @param rows the values of each row, (outputs) each
   * @param output of the layer, (N, …)
   */
  public Tensor perOutput(List<Tensor> rows, Tensor output) {
    boolean maps = form == Form.CONVOLUTION || layer instanceof BatchNorm2d;
    long[] shape = new long[output.dim()];
    Arrays.fill(shape, 1);
    shape[0] = rows.size();
    shape[maps ? 1 : shape.length - 1] = -1;
    return Tensor.stack(rows.stream().map(values -> values.reshape(-1)).toList(), 0).reshape(shape);
  }

  /** One value per output, in the shape that broadcasts over the layer's weight. */
  public Tensor perRow(Tensor values) {
    if (form == Form.EMBEDDING) {
      return values.reshape(1, -1);
    }
    long[] shape = new long[weight().dim()];
    Arrays.fill(shape, 1);
    shape[0] = -1;
    return values.reshape(shape);
  }

  /** What the layer computes, with other values of its own shapes. */
  public Tensor compute(Tensor x, LayerWeights values) {
    return switch (form) {
      case LINEAR -> Nn.linear(x, values.weight(), values.bias());
      case CONVOLUTION -> ((Conv2d) layer).convolve(x, values.weight(), values.bias());
      case EMBEDDING -> Nn.embedding(values.weight(), x);
      default ->
          throw new UnsupportedOperationException(
              "a layer of form %s computes with its own weights only".formatted(form));
    };
  }

  /** Element type of the layer's weight. */
  public DType dtype() {
    return weight().dtype();
  }
}
