package dev.graft.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.tensor.DType;
import org.junit.jupiter.api.Test;

/** The worked examples of the README beside the reference values. */
class GoldenFillTest {

  @Test
  void bitsAndFractionOfAWeight() {
    assertEquals(0xC0D42E483C6B7219L, GoldenFill.bits("conv1.weight", 0));
    assertEquals(0.7532376219136674, GoldenFill.fraction("conv1.weight", 0));
    assertEquals((float) 0.0723536089, GoldenFill.of("weight", "conv1.weight", 64, 3, 7, 7).get(0));
  }

  @Test
  void bias() {
    assertEquals(0xB948DFBF68E6714DL, GoldenFill.bits("fc.bias", 5));
    assertEquals(0.723768219214344, GoldenFill.fraction("fc.bias", 5));
    assertEquals((float) 0.0447536446, GoldenFill.of("bias", "fc.bias", 10).get(5));
  }

  @Test
  void input() {
    assertEquals(0xF666BED22B64E1E8L, GoldenFill.bits("input", 2));
    assertEquals(0.9625052703007841, GoldenFill.fraction("input", 2));
    assertEquals((float) 0.9250105620, GoldenFill.input("input", 1, 1, 3).get(2));
  }

  @Test
  void normalisation() {
    assertEquals((float) 0.5116834044, GoldenFill.of("var", "bn1.running_var", 4).get(0));
    assertEquals((float) 0.9924199581, GoldenFill.of("norm", "bn1.weight", 4).get(0));
    assertEquals(DType.INT64, GoldenFill.of("zero", "bn1.num_batches_tracked").dtype());
    assertEquals(0, GoldenFill.of("zero", "bn1.num_batches_tracked").get(0));
  }

  @Test
  void tokenIds() {
    assertEquals(9031609701275859751L, GoldenFill.bits("input_ids", 0));
    assertEquals(151, GoldenFill.ids("input_ids", 200, 2, 3).get(0));
    assertArrayEquals(new long[] {2, 3}, GoldenFill.ids("input_ids", 200, 2, 3).shape());
  }

  @Test
  void aBufferThatTheLibraryComputesIsNotFilled() {
    assertThrows(IllegalArgumentException.class, () -> GoldenFill.of("keep", "position_ids", 1, 5));
  }
}
