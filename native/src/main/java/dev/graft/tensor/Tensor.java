package dev.graft.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A tensor in native memory: a thin, final handle over LibTorch's.
 *
 * <p>A tensor belongs to the innermost {@link Scope} of the thread that made it and dies with it;
 * outside of any scope the caller closes it. Operations follow LibTorch's rules of broadcasting and
 * type promotion. Methods named {@code …InPlace} change this tensor; all others return a new one.
 * This file is long because it is one flat list: one method per operation, grown on demand.
 */
public final class Tensor implements AutoCloseable {

  private org.bytedeco.pytorch.Tensor handle;
  private long memory;
  private Scope scope;

  /** Java memory this tensor points into: reachable as long as the tensor is. */
  @SuppressWarnings("unused")
  private ByteBuffer backing;

  private Tensor(org.bytedeco.pytorch.Tensor handle) {
    this.handle = owned(handle);
    try {
      this.memory = NativeMemory.enter(this.handle);
    } catch (OutOfNativeMemoryException e) {
      this.handle.deallocate();
      throw e;
    }
    this.scope = Scope.adopt(this);
  }

  /** The handle with a reference of ours, which keeps JavaCPP's scopes from freeing it. */
  private static org.bytedeco.pytorch.Tensor owned(org.bytedeco.pytorch.Tensor handle) {
    org.bytedeco.pytorch.Tensor owned = handle.retainReference();
    if (owned.referenceCount() < 0) {
      // C++ returned a reference, which dangles when its owner goes: take a handle of our own.
      owned = new org.bytedeco.pytorch.Tensor(handle).retainReference();
    }
    return owned;
  }

  /**
   * Takes over a LibTorch tensor made by an operation this class does not have. The door for plugin
   * authors; {@link #unwrap()} is the way out.
   *
   * @throws OutOfNativeMemoryException beyond the limit of {@link NativeMemory}
   */
  public static Tensor wrap(org.bytedeco.pytorch.Tensor handle) {
    return new Tensor(handle);
  }

  /** LibTorch's own tensor, valid as long as this one; for operations this class does not have. */
  public org.bytedeco.pytorch.Tensor unwrap() {
    return handle();
  }

  org.bytedeco.pytorch.Tensor handle() {
    if (handle == null) {
      throw new IllegalStateException(
          "tensor used after its scope was closed; keep it with Scope.keep before");
    }
    return handle;
  }

  /** The scope that owns this tensor; null where the caller does, and after closing. */
  Scope scope() {
    return scope;
  }

  void moveTo(Scope owner) {
    scope = owner;
  }

  /** Frees the native handle and clears the books; for {@link #close()} and the scope. */
  void free() {
    org.bytedeco.pytorch.Tensor freed = handle;
    handle = null;
    scope = null;
    Scope.closed();
    NativeMemory.leave(memory); // before the memory goes and its address is handed out again
    freed.deallocate();
  }

  // ---- making tensors ----

  /** Copies host values into a new tensor on the CPU. */
  public static Tensor of(HostTensor host) {
    Tensor tensor = empty(host.dtype(), host.shape());
    if (host.count() > 0) {
      tensor.bytes().put(host.data());
    }
    return tensor;
  }

  /** A tensor of 32-bit floats on the CPU. */
  public static Tensor of(float[] values, long... shape) {
    return of(HostTensor.of(values, shape));
  }

  /** A tensor of 64-bit integers on the CPU. */
  public static Tensor of(long[] values, long... shape) {
    return of(HostTensor.of(values, shape));
  }

  /** A scalar 32-bit float. */
  public static Tensor scalar(double value) {
    return full(value, DType.FLOAT32);
  }

  /**
   * A view of direct memory, such as a mapped file; nothing is copied. The tensor must not be
   * written to. It keeps the buffer; what is derived from it without copying does not, so this
   * tensor must stay open, and reachable, as long as that is used.
   */
  public static Tensor view(ByteBuffer direct, DType dtype, long... shape) {
    Runtime.start();
    if (!direct.isDirect() || direct.remaining() != HostTensor.byteSize(dtype, shape)) {
      throw new IllegalArgumentException(
          "a view of shape %s of %s needs a direct buffer of %d bytes, not %s"
              .formatted(Arrays.toString(shape), dtype, HostTensor.byteSize(dtype, shape), direct));
    }
    try (TensorOptions options = new TensorOptions(Types.scalarType(dtype))) {
      Tensor tensor = wrap(torch.from_blob(new BytePointer(direct), shape, options));
      tensor.backing = direct;
      return tensor;
    }
  }

  /** A tensor whose values are not set. */
  public static Tensor empty(DType dtype, long... shape) {
    return make(dtype, shape, options -> torch.empty(shape, options, null));
  }

  /** A tensor of zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    return make(dtype, shape, options -> torch.zeros(shape, options));
  }

  /** A tensor of 32-bit zeros. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  /** A tensor of 32-bit ones. */
  public static Tensor ones(long... shape) {
    return full(1, DType.FLOAT32, shape);
  }

  /** A tensor filled with one value. */
  public static Tensor full(double value, DType dtype, long... shape) {
    return make(dtype, shape, options -> torch.full(shape, new Scalar(value), options));
  }

  /** Integers {@code 0 … end - 1}. */
  public static Tensor arange(long end) {
    return make(DType.INT64, new long[] {end}, options -> torch.arange(new Scalar(end), options));
  }

  /** The identity matrix of 32-bit floats, (n, n). */
  public static Tensor eye(long n) {
    return make(DType.FLOAT32, new long[] {n, n}, options -> torch.eye(n, options));
  }

  /** Uniform values in [0, 1) from the default generator, see {@link RandomState}. */
  public static Tensor rand(long... shape) {
    return make(DType.FLOAT32, shape, options -> torch.rand(shape, options));
  }

  /** Standard normal values from the default generator, see {@link RandomState}. */
  public static Tensor randn(long... shape) {
    return make(DType.FLOAT32, shape, options -> torch.randn(shape, options));
  }

  /** Zeros of the same type, shape, device and order in memory. */
  public Tensor zerosLike() {
    return wrap(torch.zeros_like(handle()));
  }

  /** Checks the shape and the memory limit, then allocates. */
  private static Tensor make(
      DType dtype, long[] shape, Function<TensorOptions, org.bytedeco.pytorch.Tensor> maker) {
    Runtime.start();
    NativeMemory.require(HostTensor.byteSize(dtype, shape));
    try (TensorOptions options = new TensorOptions(Types.scalarType(dtype))) {
      return wrap(maker.apply(options));
    } catch (OutOfNativeMemoryException e) {
      throw e;
    } catch (RuntimeException e) {
      throw LibTorchException.readable(e);
    }
  }

  /** Joins tensors along an existing dimension. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    try (TensorVector vector = vector(tensors)) {
      return wrap(torch.cat(vector, dim));
    }
  }

  /** Joins tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    try (TensorVector vector = vector(tensors)) {
      return wrap(torch.stack(vector, dim));
    }
  }

  /** This with the elements of {@code source} put at {@code indices} along a dimension. */
  public Tensor scatter(int dim, Tensor indices, Tensor source) {
    return wrap(handle().scatter(dim, indices.handle(), source.handle()));
  }

  /** Elements of {@code a} where the condition holds, of {@code b} elsewhere. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return wrap(torch.where(condition.handle(), a.handle(), b.handle()));
  }

  /** Holds the tensors until it is closed. */
  static TensorVector vector(List<Tensor> tensors) {
    TensorVector vector = new TensorVector(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      vector.put(i, tensors.get(i).handle());
    }
    return vector;
  }

  // ---- what it is ----

  /** Sizes, outermost first; empty for a scalar. */
  public long[] shape() {
    long[] shape = new long[dim()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = handle().size(i);
    }
    return shape;
  }

  /** Number of dimensions. */
  public int dim() {
    return (int) handle().dim();
  }

  /** Size of one dimension; negative numbers count from the last. */
  public long size(int dim) {
    return handle().size(dim);
  }

  /** Number of elements. */
  public long count() {
    return handle().numel();
  }

  /** Element type. */
  public DType dtype() {
    return Types.dtype(handle().scalar_type());
  }

  /** Where it lives. */
  public Device device() {
    if (!handle().is_cuda()) {
      return Device.CPU;
    }
    try (org.bytedeco.pytorch.Device device = handle().device()) {
      return new Device(Device.Kind.CUDA, device.index());
    }
  }

  /** Size of the elements in bytes. */
  public long byteSize() {
    return handle().nbytes();
  }

  /** True if the elements lie in row-major order without gaps. */
  public boolean isContiguous() {
    return handle().is_contiguous();
  }

  /** True if the element of any index lies at the same place in both, relative to the first. */
  boolean hasLayoutOf(Tensor other) {
    boolean same = Arrays.equals(shape(), other.shape());
    for (int i = 0; same && i < dim(); i++) {
      same = size(i) <= 1 || count() == 0 || handle().stride(i) == other.handle().stride(i);
    }
    return same;
  }

  /** True if other is the same tensor object in LibTorch, not merely equal. */
  public boolean isSame(Tensor other) {
    return handle().is_same(other.handle());
  }

  /** True if both lie in the same memory, as tied weights and views do. */
  public boolean sharesMemoryWith(Tensor other) {
    return handle().is_alias_of(other.handle());
  }

  /** True if its elements fill memory without gaps, in any order, and it is no part of another. */
  public boolean isDense() {
    return handle().is_non_overlapping_and_dense() && !handle().is_view();
  }

  // ---- values back to Java ----

  /** The values, copied to the Java heap. */
  public HostTensor toHost() {
    Tensor source = device().equals(Device.CPU) ? this : to(Device.CPU);
    Tensor dense = source.contiguous();
    ByteBuffer copy = ByteBuffer.allocate(dense.bufferSize());
    if (dense.count() > 0) {
      copy.put(dense.bytes()).flip();
    }
    HostTensor host = new HostTensor(dtype(), shape(), copy);
    if (dense != this) {
      dense.close();
    }
    if (source != this && source != dense) {
      source.close();
    }
    return host;
  }

  /** All elements in row-major order as 32-bit floats. */
  public float[] toFloats() {
    return toHost().toFloats();
  }

  /** All elements in row-major order as 64-bit integers. */
  public long[] toLongs() {
    return toHost().toLongs();
  }

  /** The only element, as a double. */
  public double item() {
    if (count() != 1) {
      throw new IllegalStateException(
          "item() needs one element, the tensor has shape " + Arrays.toString(shape()));
    }
    return handle().item_double();
  }

  /** The memory of a contiguous CPU tensor as a buffer; only for as long as the tensor lives. */
  ByteBuffer bytes() {
    if (!isContiguous() || handle().is_cuda()) {
      throw new IllegalStateException(this + " is not contiguous CPU memory; copy it there first");
    }
    try (BytePointer pointer = new BytePointer(handle().data_ptr())) {
      return pointer.capacity(bufferSize()).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private int bufferSize() {
    long size = byteSize();
    if (size > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "%s takes %d bytes, more than a Java buffer holds (2^31 - 1); take it in parts with"
                  .formatted(this, size)
              + " narrow()");
    }
    return (int) size;
  }

  // ---- arithmetic ----

  /** {@code this + other}. */
  public Tensor add(Tensor other) {
    return wrap(handle().add(other.handle()));
  }

  /** {@code this + value}. */
  public Tensor add(double value) {
    return wrap(handle().add(new Scalar(value)));
  }

  /** {@code this - other}. */
  public Tensor sub(Tensor other) {
    return wrap(handle().sub(other.handle()));
  }

  /** {@code this - value}. */
  public Tensor sub(double value) {
    return wrap(handle().sub(new Scalar(value)));
  }

  /** Element-wise product. */
  public Tensor mul(Tensor other) {
    return wrap(handle().mul(other.handle()));
  }

  /** {@code this * value}. */
  public Tensor mul(double value) {
    return wrap(handle().mul(new Scalar(value)));
  }

  /** Element-wise quotient. */
  public Tensor div(Tensor other) {
    return wrap(handle().div(other.handle()));
  }

  /** {@code this / value}. */
  public Tensor div(double value) {
    return wrap(handle().div(new Scalar(value)));
  }

  /** Each element to a power. */
  public Tensor pow(double exponent) {
    return wrap(handle().pow(new Scalar(exponent)));
  }

  /** Negated elements. */
  public Tensor neg() {
    return wrap(handle().neg());
  }

  /** Absolute values. */
  public Tensor abs() {
    return wrap(handle().abs());
  }

  /** Signs: -1, 0 or 1. */
  public Tensor sign() {
    return wrap(handle().sign());
  }

  /** Square roots. */
  public Tensor sqrt() {
    return wrap(handle().sqrt());
  }

  /** Reciprocal square roots. */
  public Tensor rsqrt() {
    return wrap(handle().rsqrt());
  }

  /** Exponentials. */
  public Tensor exp() {
    return wrap(handle().exp());
  }

  /** Natural logarithms. */
  public Tensor log() {
    return wrap(handle().log());
  }

  /** Elements limited to a range. */
  public Tensor clamp(double min, double max) {
    return wrap(torch.hardtanh(handle(), new Scalar(min), new Scalar(max)));
  }

  /** Sine of each element, in radians. */
  public Tensor sin() {
    return wrap(handle().sin());
  }

  /** Cosine of each element, in radians. */
  public Tensor cos() {
    return wrap(handle().cos());
  }

  /** Sums of all elements up to each along a dimension. */
  public Tensor cumsum(int dim) {
    return wrap(handle().cumsum(dim));
  }

  /** True where both are true. */
  public Tensor and(Tensor other) {
    return wrap(handle().logical_and(other.handle()));
  }

  /** Matrix product, batched over leading dimensions. */
  public Tensor matmul(Tensor other) {
    return wrap(handle().matmul(other.handle()));
  }

  /** True where equal. */
  public Tensor eq(Tensor other) {
    return wrap(handle().eq(other.handle()));
  }

  /** True where greater than value. */
  public Tensor gt(double value) {
    return wrap(handle().gt(new Scalar(value)));
  }

  /** True where less than value. */
  public Tensor lt(double value) {
    return wrap(handle().lt(new Scalar(value)));
  }

  // ---- reductions ----

  /** Sum of all elements. */
  public Tensor sum() {
    return wrap(handle().sum());
  }

  /** Sum over dimensions. */
  public Tensor sum(boolean keepDim, long... dims) {
    return wrap(handle().sum(dims, keepDim, new ScalarTypeOptional()));
  }

  /** Mean of all elements. */
  public Tensor mean() {
    return wrap(handle().mean());
  }

  /** Mean over dimensions. */
  public Tensor mean(boolean keepDim, long... dims) {
    return wrap(handle().mean(dims, keepDim, new ScalarTypeOptional()));
  }

  /** Variance over dimensions; {@code unbiased} divides by n - 1. */
  public Tensor var(boolean unbiased, boolean keepDim, long... dims) {
    return wrap(handle().var(dims, unbiased, keepDim));
  }

  /** Largest element. */
  public Tensor max() {
    return wrap(handle().max());
  }

  /** Smallest element. */
  public Tensor min() {
    return wrap(handle().min());
  }

  /** Index of the largest element along a dimension. */
  public Tensor argmax(int dim) {
    return wrap(handle().argmax(new org.bytedeco.pytorch.LongOptional(dim), /* keepdim= */ false));
  }

  /** The k largest elements of the last dimension, largest first, with their indices. */
  public TopK topk(long k) {
    try (T_TensorTensor_T result = handle().topk(k, -1, true, true)) {
      return new TopK(copyOf(result.get0()), copyOf(result.get1()));
    }
  }

  /**
   * What {@link #topk} returns.
   *
   * @param values largest elements, (…, k)
   * @param indices where they stood, (…, k), INT64
   */
  public record TopK(Tensor values, Tensor indices) {}

  /** Eigenvalues and eigenvectors of a symmetric matrix (n, n); only the lower half is read. */
  public Eigen symmetricEigen() {
    try (T_TensorTensor_T result = torch.linalg_eigh(handle())) {
      return new Eigen(copyOf(result.get0()), copyOf(result.get1()));
    }
  }

  /**
   * What {@link #symmetricEigen} returns.
   *
   * @param values (n), ascending
   * @param vectors (n, n), one eigenvector of length 1 per column
   */
  public record Eigen(Tensor values, Tensor vectors) {}

  /** Euclidean norm of all elements. */
  public Tensor norm() {
    return wrap(handle().norm());
  }

  // ---- shape ----

  /** The same elements in another shape; one size may be -1. */
  public Tensor reshape(long... shape) {
    return wrap(handle().reshape(shape));
  }

  /** Joins all dimensions from {@code start} on. */
  public Tensor flatten(int start) {
    return wrap(handle().flatten(start, -1));
  }

  /** Exchanges two dimensions. */
  public Tensor transpose(int a, int b) {
    return wrap(handle().transpose(a, b));
  }

  /** Reorders the dimensions. */
  public Tensor permute(long... dims) {
    return wrap(handle().permute(dims));
  }

  /** Inserts a dimension of size 1. */
  public Tensor unsqueeze(int dim) {
    return wrap(handle().unsqueeze(dim));
  }

  /** Removes a dimension of size 1. */
  public Tensor squeeze(int dim) {
    return wrap(handle().squeeze(dim));
  }

  /** Repeats dimensions of size 1 without copying. */
  public Tensor expand(long... shape) {
    return wrap(handle().expand(shape, false));
  }

  /** A range of one dimension, as a view. */
  public Tensor narrow(int dim, long start, long length) {
    return wrap(handle().narrow(dim, start, length));
  }

  /** One index of one dimension, as a view without that dimension. */
  public Tensor select(int dim, long index) {
    return wrap(handle().select(dim, index));
  }

  /** The given indices of one dimension, copied. */
  public Tensor indexSelect(int dim, Tensor indices) {
    return wrap(handle().index_select(dim, indices.handle()));
  }

  /** One element per index along a dimension. */
  public Tensor gather(int dim, Tensor indices) {
    return wrap(torch.gather(handle(), dim, indices.handle(), false));
  }

  /** Every {@code step}-th index of one dimension, as a view. */
  public Tensor stride(int dim, long step) {
    return wrap(
        torch.slice(
            handle(),
            dim,
            new org.bytedeco.pytorch.LongOptional(),
            new org.bytedeco.pytorch.LongOptional(),
            step));
  }

  /** Elements in reverse order along dimensions. */
  public Tensor flip(long... dims) {
    return wrap(torch.flip(handle(), dims));
  }

  /** Shifts elements along dimensions; those that fall off come back on the other side. */
  public Tensor roll(long[] shifts, long[] dims) {
    return wrap(torch.roll(handle(), shifts, dims));
  }

  /** Row-major without gaps; this tensor itself if it is so already. */
  public Tensor contiguous() {
    return isContiguous() ? this : wrap(handle().contiguous());
  }

  /** The same (N, C, H, W) values with channels innermost in memory, fast for convolutions. */
  public Tensor channelsLast() {
    return wrap(handle().contiguous(torch.MemoryFormat.ChannelsLast));
  }

  // ---- type, place, copies ----

  /** Converted elements; this tensor itself if the type is the same. */
  public Tensor to(DType dtype) {
    return dtype == dtype() ? this : wrap(handle().to(Types.scalarType(dtype)));
  }

  /** On another device; this tensor itself if it is there already. */
  public Tensor to(Device device) {
    if (device.equals(device())) {
      return this;
    }
    TensorOptions target =
        new TensorOptions(Types.scalarType(dtype()))
            .device(new DeviceOptional(Types.device(device)));
    return wrap(handle().to(target, false, false, new org.bytedeco.pytorch.MemoryFormatOptional()));
  }

  /** A copy with its own memory; keeps its place in the gradient graph. */
  public Tensor copy() {
    return wrap(handle().clone());
  }

  /** The same memory, outside of the gradient graph. */
  public Tensor detach() {
    return wrap(handle().detach());
  }

  // ---- in place ----

  /** Adds {@code scale * other}. */
  public void addInPlace(Tensor other, double scale) {
    handle().add_(other.handle(), new Scalar(scale));
  }

  /** Adds a whole number, to integers too. */
  public void addInPlace(long value) {
    handle().add_(new Scalar(value));
  }

  /** Multiplies by a number. */
  public void mulInPlace(double value) {
    handle().mul_(new Scalar(value));
  }

  /** Adds {@code scale * a * b}. */
  public void addProductInPlace(Tensor a, Tensor b, double scale) {
    handle().addcmul_(a.handle(), b.handle(), new Scalar(scale));
  }

  /** Adds {@code scale * a / b}. */
  public void addQuotientInPlace(Tensor a, Tensor b, double scale) {
    handle().addcdiv_(a.handle(), b.handle(), new Scalar(scale));
  }

  /** Moves towards {@code end}: {@code this += weight * (end - this)}. */
  public void lerpInPlace(Tensor end, double weight) {
    handle().lerp_(end.handle(), new Scalar(weight));
  }

  /** Overwrites the values with those of another tensor, converted and broadcast as needed. */
  public void copyInPlace(Tensor source) {
    handle().copy_(source.handle());
  }

  /** Overwrites the values with host values of the same type and shape. */
  public void copyInPlace(HostTensor source) {
    if (source.dtype() != dtype() || !Arrays.equals(source.shape(), shape())) {
      throw new IllegalArgumentException(
          "cannot copy %s into %s%s; type and shape must agree"
              .formatted(source, dtype(), Arrays.toString(shape())));
    }
    if (!isContiguous() || handle().is_cuda()) {
      try (Tensor staged = of(source)) {
        copyInPlace(staged);
      }
    } else if (source.count() > 0) {
      bytes().put(source.data());
    }
  }

  /**
   * Puts another tensor's values in this one's place, of any type and shape; outside of any graph.
   * From then on both lie in the same memory, which goes with the last of them.
   */
  public void replaceData(Tensor other) {
    NativeMemory.leave(memory); // before the memory goes and its address is handed out again
    memory = 0;
    handle().set_data(other.handle());
    memory = NativeMemory.enter(handle);
  }

  /** Sets every element. */
  public void fillInPlace(double value) {
    handle().fill_(new Scalar(value));
  }

  // ---- gradients ----

  /** True if gradients flow into this tensor. */
  public boolean requiresGrad() {
    return handle().requires_grad();
  }

  /** Switches the collection of gradients for this leaf. */
  public void setRequiresGrad(boolean value) {
    handle().set_requires_grad(value);
  }

  /** True if {@link #backward()} has left a gradient. */
  public boolean hasGrad() {
    return handle().grad().defined();
  }

  /** The gradient that {@link #backward()} left, as a handle on the same memory. */
  public Tensor grad() {
    if (!hasGrad()) {
      throw new IllegalStateException("no gradient; call backward() on a loss that depends on it");
    }
    return copyOf(handle().grad());
  }

  /** Drops the gradient. */
  public void clearGrad() {
    handle().mutable_grad().reset();
  }

  /** Replaces the gradient. */
  public void setGrad(Tensor gradient) {
    handle().mutable_grad().put(gradient.handle());
  }

  /** Address of LibTorch's tensor for the gradient, defined or not; as long as this one lives. */
  long gradientSlot() {
    return handle().mutable_grad().address();
  }

  /** Computes the gradients of this scalar with respect to every leaf that requires one. */
  public void backward() {
    handle().backward();
  }

  /** As {@link #backward()}, and the graph stays for another pass. */
  public void backwardKeepingGraph() {
    handle()
        .backward(
            new org.bytedeco.pytorch.Tensor(),
            new BoolOptional(true),
            false,
            new org.bytedeco.pytorch.TensorArrayRefOptional());
  }

  static Tensor copyOf(org.bytedeco.pytorch.Tensor reference) {
    return wrap(new org.bytedeco.pytorch.Tensor(reference));
  }

  @Override
  public String toString() {
    return handle == null
        ? "closed tensor"
        : dtype() + Arrays.toString(shape()) + (requiresGrad() ? " requires grad" : "");
  }

  /** Frees the native handle; the memory goes when the last handle on it has gone. */
  @Override
  public void close() {
    if (handle != null) {
      if (scope != null) {
        scope.check();
      }
      free();
    }
  }
}
