package dev.graft.layers;

import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;

/** Initial values of parameters, drawn from the default random generator. */
public final class Initial {

  private static final ThreadLocal<Boolean> BLANK = ThreadLocal.withInitial(() -> false);

  private Initial() {}

  /**
   * Zeros instead of random values on this thread until closed: for networks all of whose values
   * are loaded at once, which drawing them would only delay.
   */
  public static Blank blank() {
    BLANK.set(true);
    return BLANK::remove;
  }

  /** Ends what {@link #blank} began. */
  public interface Blank extends AutoCloseable {
    @Override
    void close();
  }

  /** Uniform in [-bound, bound]. */
  public static Tensor uniform(double bound, long... shape) {
    if (BLANK.get()) {
      return Tensor.zeros(shape);
    }
    try (Scope scope = Scope.open()) {
      return scope.keep(Tensor.rand(shape).sub(0.5).mul(2 * bound));
    }
  }

  /** Normal with mean 0. */
  public static Tensor normal(double std, long... shape) {
    if (BLANK.get()) {
      return Tensor.zeros(shape);
    }
    Tensor values = Tensor.randn(shape);
    values.mulInPlace(std);
    return values;
  }

  /**
   * Normal with variance 2 / fan-out, for convolutions that a ReLU follows (He et al. 2015).
   *
   * @param shape (O, I / groups, kh, kw)
   */
  public static Tensor heFanOut(long... shape) {
    return normal(Math.sqrt(2.0 / (double) (shape[0] * shape[2] * shape[3])), shape);
  }

  /**
   * Normal with variance 2 / fan-in (He et al. 2015).
   *
   * @param shape (O, I) or (O, I / groups, kh, kw)
   */
  public static Tensor heFanIn(long... shape) {
    return normal(Math.sqrt(2.0 / (double) fanInOf(shape)), shape);
  }

  private static long fanInOf(long[] shape) {
    long fanIn = 1;
    for (int i = 1; i < shape.length; i++) {
      fanIn *= shape[i];
    }
    return fanIn;
  }

  /**
   * Uniform with bound 1 / sqrt(fan-in), for weights of shape (O, I) or (O, I / groups, kh, kw).
   */
  public static Tensor fanIn(long[] shape) {
    return fanIn(fanInOf(shape), shape);
  }

  /** Uniform with bound 1 / sqrt(fan-in), the default of linear layers and convolutions. */
  public static Tensor fanIn(long fanIn, long... shape) {
    return uniform(1 / Math.sqrt((double) Math.max(1, fanIn)), shape);
  }
}
