package dev.graft.vision.family;

import dev.graft.spi.ModelFamily;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.contract.ModelFamilyContract;
import java.util.Map;

/** The contract of a family that reads pictures. */
abstract class ImageFamilyContract extends ModelFamilyContract {

  private final ModelFamily family;
  private final int side;
  private final Map<String, Object> config;

  /**
   * The contract for one configuration.
   *
   * @param side height and width of the pictures
   */
  ImageFamilyContract(ModelFamily family, int side, Map<String, Object> config) {
    this.family = family;
    this.side = side;
    this.config = config;
  }

  @Override
  protected final ModelFamily family() {
    return family;
  }

  @Override
  protected final Map<String, Object> config() {
    return config;
  }

  @Override
  protected final NamedTensors inputs() {
    float[] values = new float[2 * 3 * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 0.37);
    }
    return NamedTensors.of("pixels", Tensor.of(values, 2, 3, side, side));
  }
}
