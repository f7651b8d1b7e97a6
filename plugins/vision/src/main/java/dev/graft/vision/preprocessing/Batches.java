package dev.graft.vision.preprocessing;

import dev.graft.data.Example;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Stacks bytes in Java and normalises them natively, the whole batch at once. */
final class Batches {

  private Batches() {}

  static NamedTensors collate(List<Example> examples, ImagePreprocessing preprocessing) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("a batch of no examples; it needs at least one");
    }
    int channels = preprocessing.channels();
    try (Scope scope = Scope.open()) {
      Tensor bytes = Tensor.of(stack(examples, channels));
      Tensor scale = Tensor.of(preprocessing.scale(), channels);
      Tensor shift = Tensor.of(preprocessing.shift(), channels);
      // Channels stay innermost in memory, which convolutions like best.
      Tensor values = bytes.to(DType.FLOAT32).mul(scale).add(shift);
      return NamedTensors.of("pixels", scope.keep(values.permute(0, 3, 1, 2)));
    }
  }

  private static HostTensor stack(List<Example> examples, int channels) {
    Example first = examples.get(0);
    long[] shape = first.get(ImageModality.VALUE).shape();
    if (shape.length != 3 || shape[2] != channels) {
      throw new IllegalArgumentException(
          "example '%s' has shape %s; the network takes %d channels, transform it first"
              .formatted(first.id(), Arrays.toString(shape), channels));
    }
    long[] batch = {examples.size(), shape[0], shape[1], shape[2]};
    ByteBuffer pixels =
        ByteBuffer.allocate(Math.toIntExact(HostTensor.byteSize(DType.UINT8, batch)));
    for (Example example : examples) {
      HostTensor image = example.get(ImageModality.VALUE);
      if (!Arrays.equals(image.shape(), shape)) {
        throw new IllegalArgumentException(
            "examples '%s' and '%s' have shapes %s and %s; a batch has one size, transform them"
                .formatted(
                    first.id(),
                    example.id(),
                    Arrays.toString(shape),
                    Arrays.toString(image.shape())));
      }
      pixels.put(image.data());
    }
    return new HostTensor(DType.UINT8, batch, pixels.flip());
  }
}
