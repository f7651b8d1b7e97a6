package dev.graft.tensor;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Mixed precision on this thread: matrix products and convolutions compute in 16 bits, sums and
 * norms in 32, parameters stay as they are. Open it around the forward pass and the loss only:
 * {@code try (var cast = Autocast.bfloat16(Device.CPU)) { … }}.
 *
 * <p>Casts of parameters are remembered until the outermost guard closes, so a parameter must not
 * change inside.
 */
public final class Autocast implements AutoCloseable {

  private final DeviceType device;
  private final boolean enabledBefore;
  private final ScalarType typeBefore;
  private final Thread owner = Thread.currentThread();
  private boolean closed;

  private Autocast(DeviceType device, boolean enabled, ScalarType type) {
    Runtime.start();
    this.device = device;
    this.enabledBefore = torch.is_autocast_enabled(device);
    this.typeBefore = torch.get_autocast_dtype(device);
    torch.increment_nesting();
    torch.set_autocast_enabled(device, enabled);
    torch.set_autocast_dtype(device, type);
  }

  /** Computes in bfloat16 where that is safe. */
  public static Autocast bfloat16(Device device) {
    return new Autocast(type(device), true, ScalarType.BFloat16);
  }

  /** Computes in float16 where that is safe; for GPUs, with the loss scaled. */
  public static Autocast float16(Device device) {
    return new Autocast(type(device), true, ScalarType.Half);
  }

  /** Computes in the types the tensors have, on the CPU, whatever the surroundings say. */
  static Autocast off() {
    Runtime.start();
    return new Autocast(DeviceType.CPU, false, torch.get_autocast_dtype(DeviceType.CPU));
  }

  private static DeviceType type(Device device) {
    return device.kind() == Device.Kind.CUDA ? DeviceType.CUDA : DeviceType.CPU;
  }

  /** Restores what was before. */
  @Override
  public void close() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "autocast opened on thread '%s' and closed on '%s'; it is per thread"
              .formatted(owner.getName(), Thread.currentThread().getName()));
    }
    if (!closed) {
      closed = true;
      if (torch.decrement_nesting() == 0) {
        torch.clear_cache();
      }
      torch.set_autocast_enabled(device, enabledBefore);
      torch.set_autocast_dtype(device, typeBefore);
    }
  }
}
