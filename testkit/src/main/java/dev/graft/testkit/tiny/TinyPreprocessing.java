package dev.graft.testkit.tiny;

import dev.graft.data.EvalTransform;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.TensorInput;
import dev.graft.data.TrainTransform;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Makes {@code pixels} (N, 3, 8, 8) of pictures and {@code numeric} (N, 6) of rows, both FLOAT32.
 * The augmentation {@code noise} adds a little to each value.
 *
 * @param input name of the model's input: {@value #PIXELS} or {@value #NUMERIC}
 */
public record TinyPreprocessing(String input) implements Preprocessing {

  /** The input of the network for pictures. */
  public static final String PIXELS = "pixels";

  /** The input of the network for rows. */
  public static final String NUMERIC = "numeric";

  /** The augmentation there is. */
  public static final String NOISE = "noise";

  public TinyPreprocessing {
    if (!Set.of(PIXELS, NUMERIC).contains(input)) {
      throw new IllegalArgumentException(
          "setting 'input' is '%s'; allowed: %s, %s".formatted(input, PIXELS, NUMERIC));
    }
  }

  @Override
  public String modality() {
    return TinyModality.ID;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("input", input);
  }

  /** Pictures as {@code pixels} (3, 8, 8), UINT8 or FLOAT32, from 0 to 255. */
  @Override
  public List<TensorInput> tensorInputs() {
    List<DType> types = List.of(DType.FLOAT32, DType.UINT8, DType.FLOAT16);
    return input.equals(PIXELS)
        ? List.of(TensorInput.required(PIXELS, types, 3, TinyImages.SIDE, TinyImages.SIDE))
        : List.of();
  }

  @Override
  public Example ofTensors(String id, Map<String, HostTensor> row) {
    HostTensor planes = row.get(PIXELS);
    int pixels = (int) planes.count() / 3;
    byte[] bytes = new byte[3 * pixels];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) planes.get(i % 3 * pixels + i / 3);
    }
    return Example.of(id, "image", HostTensor.of(bytes, TinyImages.SIDE, TinyImages.SIDE, 3));
  }

  @Override
  public EvalTransform evalTransform() {
    return this::encode;
  }

  private Example encode(Example example) {
    return Example.of(
        example.id(),
        input,
        input.equals(PIXELS) ? planes(example.get("image")) : example.get("numeric"));
  }

  /** (H, W, 3) from 0 to 255 to (3, H, W) from -1 to 1. */
  private static HostTensor planes(HostTensor image) {
    int pixels = (int) image.count() / 3;
    float[] values = new float[3 * pixels];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (image.get(i % pixels * 3 + i / pixels) / 127.5 - 1);
    }
    return HostTensor.of(values, 3, image.shape()[0], image.shape()[1]);
  }

  @Override
  public TrainTransform trainTransform(String augmentation) {
    if (!augmentation.equals(NOISE)) {
      throw new IllegalArgumentException(
          "no augmentation '%s'; there are %s".formatted(augmentation, augmentations()));
    }
    return (example, random) -> noisy(encode(example), random);
  }

  private Example noisy(Example example, RandomGenerator random) {
    float[] values = example.get(input).toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (0.05 * random.nextGaussian());
    }
    return example.with(input, HostTensor.of(values, example.get(input).shape()));
  }

  @Override
  public Set<String> augmentations() {
    return Set.of(NOISE);
  }

  @Override
  public String usualAugmentation() {
    return NOISE;
  }

  @Override
  public NamedTensors collate(List<Example> examples) {
    return NamedTensors.of(
        input, Tensor.stack(examples.stream().map(e -> Tensor.of(e.get(input))).toList(), 0));
  }
}
