package dev.graft.testkit.tiny;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.tensor.HostTensor;
import java.util.List;
import java.util.Random;

/**
 * Rows of six numbers. The target is a linear function of the first three and some noise: the
 * number itself, or its sign as two classes.
 *
 * @param size number of rows
 * @param seed of the numbers
 * @param classification whether the target is a class
 */
public record TinyTable(int size, long seed, boolean classification) implements Dataset {

  /** Numbers in a row. */
  public static final int COLUMNS = 6;

  @Override
  public String id(int index) {
    return "tiny-row-%d-%d".formatted(seed, index);
  }

  private double[] row(int index) {
    Random random = new Random(seed * 1_000_003 + index);
    // The first draws of neighbouring seeds are alike.
    random.nextGaussian();
    return random.doubles(COLUMNS + 1, -1, 1).toArray();
  }

  @Override
  public double target(int index) {
    double[] row = row(index);
    double value = 2 * row[0] - row[1] + 0.5 * row[2] + 0.1 * row[COLUMNS];
    return classification ? (value > 0 ? 1 : 0) : value;
  }

  @Override
  public List<String> classes() {
    return classification ? List.of("below", "above") : List.of();
  }

  /** The row as {@code numeric} (6) FLOAT32. */
  @Override
  public Example load(int index) {
    double[] row = row(index);
    float[] values = new float[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      values[i] = (float) row[i];
    }
    return Example.of(id(index), "numeric", HostTensor.of(values, COLUMNS));
  }
}
