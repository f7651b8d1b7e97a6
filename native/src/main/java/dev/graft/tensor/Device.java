package dev.graft.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.global.torch;

/**
 * Where a tensor lives and is computed.
 *
 * @param kind {@code CPU} or {@code CUDA}
 * @param index number of the GPU, from 0; always 0 for the CPU
 */
public record Device(Kind kind, int index) {

  /** The kinds of device. */
  public enum Kind {
    CPU,
    CUDA
  }

  /** The processor this JVM runs on. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  /**
   * Parses {@code cpu}, {@code cuda} or {@code cuda:1}.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  public static Device parse(String text) {
    if (text.equals("cpu")) {
      return CPU;
    }
    if (text.matches("cuda(:\\d{1,3})?")) {
      return new Device(
          Kind.CUDA, text.length() == 4 ? 0 : Integer.parseInt(text.substring("cuda:".length())));
    }
    throw new IllegalArgumentException(
        "unknown device '%s'; write cpu, cuda or cuda:N".formatted(text));
  }

  /** Where tensors can live in this process: the CPU first, then every GPU that answers. */
  public static List<Device> available() {
    return Runtime.configuration().devices();
  }

  static List<Device> discover() {
    List<Device> devices = new ArrayList<>(List.of(CPU));
    int gpus = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
    for (int i = 0; i < gpus; i++) {
      devices.add(new Device(Kind.CUDA, i));
    }
    return devices;
  }

  @Override
  public String toString() {
    return kind == Kind.CPU ? "cpu" : "cuda:" + index;
  }
}
