package dev.graft.tensor;

import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The neural-network operations in use, as pure functions. Shapes: N batch, C channels, H and W
 * height and width, L sequence length, D features. An absent optional tensor is {@code null}.
 */
public final class Nn {

  private Nn() {}

  /** Holds the tensor until it is closed; null becomes "absent". */
  private static TensorOptional optional(Tensor tensor) {
    return tensor == null ? new TensorOptional() : new TensorOptional(tensor.handle());
  }

  /** {@code x W^T + b}: x (…, D), weight (O, D), bias (O) or null. Returns (…, O). */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    try (TensorOptional b = optional(bias)) {
      return Tensor.wrap(torch.linear(x.handle(), weight.handle(), b));
    }
  }

  /** 2-D convolution: x (N, C, H, W), weight (O, C / groups, kh, kw), bias (O) or null. */
  public static Tensor conv2d(
      Tensor x,
      Tensor weight,
      Tensor bias,
      long[] stride,
      long[] padding,
      long[] dilation,
      long groups) {
    try (TensorOptional b = optional(bias)) {
      return Tensor.wrap(
          torch.conv2d(x.handle(), weight.handle(), b, stride, padding, dilation, groups));
    }
  }

  /**
   * Batch normalisation over all dimensions but 1. In training mode the batch's own statistics are
   * used and the running ones (null: none) move by {@code momentum}.
   */
  public static Tensor batchNorm(
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor runningMean,
      Tensor runningVar,
      boolean training,
      double momentum,
      double eps) {
    try (TensorOptional w = optional(weight);
        TensorOptional b = optional(bias);
        TensorOptional mean = optional(runningMean);
        TensorOptional var = optional(runningVar)) {
      return Tensor.wrap(
          torch.batch_norm(
              x.handle(), w, b, mean, var, training, momentum, eps, /* cudnn_enabled= */ true));
    }
  }

  /** Layer normalisation over the last dimensions, whose sizes are given. */
  public static Tensor layerNorm(Tensor x, long[] shape, Tensor weight, Tensor bias, double eps) {
    try (TensorOptional w = optional(weight);
        TensorOptional b = optional(bias)) {
      return Tensor.wrap(torch.layer_norm(x.handle(), shape, w, b, eps, /* cudnn_enable= */ true));
    }
  }

  /** Group normalisation of (N, C, …) over {@code groups} groups of channels. */
  public static Tensor groupNorm(Tensor x, long groups, Tensor weight, Tensor bias, double eps) {
    try (TensorOptional w = optional(weight);
        TensorOptional b = optional(bias)) {
      return Tensor.wrap(
          torch.group_norm(x.handle(), groups, w, b, eps, /* cudnn_enabled= */ true));
    }
  }

  /** Division by the root of the mean square over the last dimension, then a scale (D). */
  public static Tensor rmsNorm(Tensor x, Tensor weight, double eps) {
    try (TensorOptional w = optional(weight);
        DoubleOptional e = new DoubleOptional(eps)) {
      return Tensor.wrap(torch.rms_norm(x.handle(), new long[] {x.size(-1)}, w, e));
    }
  }

  /** Rows of weight (V, D) picked by indices (…), INT64. Returns (…, D). */
  public static Tensor embedding(Tensor weight, Tensor indices) {
    return Tensor.wrap(torch.embedding(weight.handle(), indices.handle()));
  }

  /**
   * One layer of long short-term memory from a state of zeros, x (N, L, D) to all states (N, L, H).
   *
   * @param weights of inputs (4H, D) and states (4H, H), then a bias (4H) for each; gates in the
   *     order input, forget, cell, output
   */
  public static Tensor lstm(Tensor x, List<Tensor> weights) {
    try (Scope scope = Scope.open();
        TensorVector start = new TensorVector();
        TensorVector all = new TensorVector()) {
      Tensor zeros = Tensor.zeros(x.dtype(), 1, x.size(0), weights.get(1).size(1));
      start.push_back(zeros.handle()).push_back(zeros.handle());
      weights.forEach(weight -> all.push_back(weight.handle()));
      try (T_TensorTensorTensor_T result =
          torch.lstm(x.handle(), start, all, true, 1, 0, false, false, /* batch_first= */ true)) {
        return scope.keep(Tensor.copyOf(result.get0()));
      }
    }
  }

  /**
   * Softmax attention: q, k, v (N, heads, L, D), mask broadcastable to (N, heads, L, L) or null;
   * scale is 1 / sqrt(D) where NaN is given.
   */
  public static Tensor attention(
      Tensor q, Tensor k, Tensor v, Tensor mask, boolean causal, double dropout, double scale) {
    if (q.dtype().bytes() == 2 && q.device().equals(Device.CPU)) {
      return attentionInFloat(q, k, v, mask, causal, dropout, scale);
    }
    try (TensorOptional m = optional(mask);
        DoubleOptional s = Double.isNaN(scale) ? new DoubleOptional() : new DoubleOptional(scale)) {
      return Tensor.wrap(
          torch.scaled_dot_product_attention(
              q.handle(), k.handle(), v.handle(), m, dropout, causal, s, /* enable_gqa= */ false));
    }
  }

  /** The CPU build computes 16-bit attention by a reference path, eight times slower than this. */
  private static Tensor attentionInFloat(
      Tensor q, Tensor k, Tensor v, Tensor mask, boolean causal, double dropout, double scale) {
    boolean additive = mask != null && mask.dtype().isFloating();
    try (Autocast off = Autocast.off();
        Scope scope = Scope.open()) {
      Tensor wide =
          attention(
              q.to(DType.FLOAT32),
              k.to(DType.FLOAT32),
              v.to(DType.FLOAT32),
              additive ? mask.to(DType.FLOAT32) : mask,
              causal,
              dropout,
              scale);
      return scope.keep(wide.to(q.dtype()));
    }
  }

  /** Maximum over windows. */
  public static Tensor maxPool2d(
      Tensor x, long[] kernel, long[] stride, long[] padding, boolean ceilMode) {
    return Tensor.wrap(
        torch.max_pool2d(x.handle(), kernel, stride, padding, new long[] {1, 1}, ceilMode));
  }

  /** Mean over windows. */
  public static Tensor avgPool2d(
      Tensor x,
      long[] kernel,
      long[] stride,
      long[] padding,
      boolean ceilMode,
      boolean countPadding) {
    return Tensor.wrap(
        torch.avg_pool2d(
            x.handle(), kernel, stride, padding, ceilMode, countPadding, new LongOptional()));
  }

  /** Mean over as many windows as the output has cells. */
  public static Tensor adaptiveAvgPool2d(Tensor x, long height, long width) {
    return Tensor.wrap(torch.adaptive_avg_pool2d(x.handle(), height, width));
  }

  /** Pads the last dimensions with a constant: {left, right, top, bottom, …}. */
  public static Tensor pad(Tensor x, long[] padding, double value) {
    return Tensor.wrap(torch.constant_pad_nd(x.handle(), padding, new Scalar(value)));
  }

  /** {@code max(x, 0)}. */
  public static Tensor relu(Tensor x) {
    return Tensor.wrap(torch.relu(x.handle()));
  }

  /** {@code min(max(x, 0), 6)}. */
  public static Tensor relu6(Tensor x) {
    return x.clamp(0, 6);
  }

  /** Overwrites x with {@code max(x, 0)}. */
  public static void reluInPlace(Tensor x) {
    torch.relu_(x.handle());
  }

  /** Overwrites x with {@code min(max(x, 0), 6)}. */
  public static void relu6InPlace(Tensor x) {
    torch.hardtanh_(x.handle(), new Scalar(0.0), new Scalar(6.0));
  }

  /** Overwrites x with {@code x * relu6(x + 3) / 6}. */
  public static void hardswishInPlace(Tensor x) {
    torch.hardswish_(x.handle());
  }

  /** Overwrites x with {@code x * sigmoid(x)}. */
  public static void siluInPlace(Tensor x) {
    torch.silu_(x.handle());
  }

  /** {@code x * relu6(x + 3) / 6}. */
  public static Tensor hardswish(Tensor x) {
    return Tensor.wrap(torch.hardswish(x.handle()));
  }

  /** {@code relu6(x + 3) / 6}. */
  public static Tensor hardsigmoid(Tensor x) {
    return Tensor.wrap(torch.hardsigmoid(x.handle()));
  }

  /** {@code x * sigmoid(x)}. */
  public static Tensor silu(Tensor x) {
    return Tensor.wrap(torch.silu(x.handle()));
  }

  /** Gaussian error linear unit, exact form. */
  public static Tensor gelu(Tensor x) {
    return Tensor.wrap(torch.gelu(x.handle()));
  }

  /** Gaussian error linear unit, approximated by a hyperbolic tangent. */
  public static Tensor geluTanh(Tensor x) {
    return Tensor.wrap(torch.gelu(x.handle(), "tanh"));
  }

  /** Logistic function. */
  public static Tensor sigmoid(Tensor x) {
    return Tensor.wrap(torch.sigmoid(x.handle()));
  }

  /** Hyperbolic tangent. */
  public static Tensor tanh(Tensor x) {
    return Tensor.wrap(torch.tanh(x.handle()));
  }

  /** Softmax along a dimension. */
  public static Tensor softmax(Tensor x, int dim) {
    return Tensor.wrap(torch.softmax(x.handle(), dim, new ScalarTypeOptional()));
  }

  /** Logarithm of the softmax along a dimension. */
  public static Tensor logSoftmax(Tensor x, int dim) {
    return Tensor.wrap(torch.log_softmax(x.handle(), dim, new ScalarTypeOptional()));
  }

  /** In training mode zeroes elements with probability p and scales the rest by 1 / (1 - p). */
  public static Tensor dropout(Tensor x, double p, boolean training) {
    return training && p > 0 ? Tensor.wrap(torch.dropout(x.handle(), p, true)) : x;
  }

  /** Mean cross entropy: logits (N, K), labels (N) INT64 or probabilities (N, K). */
  public static Tensor crossEntropy(Tensor logits, Tensor labels, double labelSmoothing) {
    return crossEntropy(logits, labels, null, labelSmoothing);
  }

  /**
   * Cross entropy as a mean weighted by class: class weights (K) or null. A label of -100 counts
   * nothing.
   */
  public static Tensor crossEntropy(
      Tensor logits, Tensor labels, Tensor classWeights, double labelSmoothing) {
    try (TensorOptional weights = optional(classWeights)) {
      return Tensor.wrap(
          torch.cross_entropy_loss(
              logits.handle(),
              labels.handle(),
              weights,
              /* reduction= mean */ 1,
              /* ignore_index= */ -100,
              labelSmoothing));
    }
  }

  /** Mean binary cross entropy of logits against targets of the same shape in [0, 1]. */
  public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets) {
    return Tensor.wrap(torch.binary_cross_entropy_with_logits(logits.handle(), targets.handle()));
  }

  /** Mean squared error. */
  public static Tensor mseLoss(Tensor x, Tensor target) {
    return Tensor.wrap(torch.mse_loss(x.handle(), target.handle()));
  }

  /** One-hot rows of labels (N), INT64. Returns (N, classes), INT64. */
  public static Tensor oneHot(Tensor labels, long classes) {
    return Tensor.wrap(torch.one_hot(labels.handle(), classes));
  }
}
