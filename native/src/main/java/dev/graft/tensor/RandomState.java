package dev.graft.tensor;

import org.bytedeco.pytorch.global.torch;

/** The default random generator of the CPU: seed it, save it, restore it. */
public final class RandomState {

  private RandomState() {}

  /** Seeds the generator. */
  public static void seed(long seed) {
    Runtime.start();
    torch.manual_seed(seed);
  }

  /** The generator's whole state. */
  public static HostTensor save() {
    Runtime.start();
    try (Scope scope = Scope.open()) {
      return Tensor.wrap(torch.getDefaultCPUGenerator().get_state()).toHost();
    }
  }

  /** Restores what {@link #save()} returned: the numbers that follow are the same again. */
  public static void restore(HostTensor state) {
    Runtime.start();
    try (Scope scope = Scope.open()) {
      torch.getDefaultCPUGenerator().set_state(Tensor.of(state).handle());
    }
  }
}
