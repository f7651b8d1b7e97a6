package dev.graft.vision.preprocessing;

import dev.graft.data.Example;
import dev.graft.data.TensorInput;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/**
 * Images that clients send as numbers: {@code pixels} (C, H, W), red first, with values from 0 to
 * 255 as a decoded file has them; fractions are rounded.
 */
final class PixelTensors {

  private static final String NAME = "pixels";
  private static final List<DType> TYPES =
      List.of(DType.FLOAT32, DType.UINT8, DType.FLOAT16, DType.BFLOAT16);

  private PixelTensors() {}

  static List<TensorInput> inputs(int channels) {
    return List.of(TensorInput.required(NAME, TYPES, channels, -1, -1));
  }

  /** The image, (H, W, C) UINT8. */
  static Example example(String id, Map<String, HostTensor> row) {
    HostTensor pixels = row.get(NAME);
    long[] shape = pixels.shape();
    int channels = Math.toIntExact(shape[0]);
    int plane = Math.toIntExact(shape[1] * shape[2]);
    byte[] bytes = new byte[channels * plane];
    for (int i = 0; i < bytes.length; i++) {
      double value = pixels.get(i % channels * plane + i / channels);
      if (!(value >= 0 && value <= 255)) { // NaN too
        throw new IllegalArgumentException(
            "a value of '%s' is %s; they go from 0 to 255, not normalised".formatted(NAME, value));
      }
      bytes[i] = (byte) Math.round(value);
    }
    return Example.of(id, ImageModality.VALUE, HostTensor.of(bytes, shape[1], shape[2], channels));
  }
}
