package dev.graft.vision.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.vision.image.Image;
import dev.graft.vision.image.Interpolation;
import dev.graft.vision.image.TestImages;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {

  private static final Map<String, Augmentation> ALL =
      Map.of(
          "crop", crop(new Range(0.2, 1)),
          "shift", new RandomShift(3),
          "flip", new RandomFlip(0.5),
          "jitter", new ColorJitter(0.4, 0.4, 0.4, 0.1),
          "hue", new ColorJitter(0, 0, 0, 0.3),
          "trivial", new TrivialAugment(),
          "rand", new RandAugment(2, 9),
          "erase", RandomErasing.usual(0.5, List.of(1, 2, 3)));

  private static RandomResizedCrop crop(Range area) {
    return new RandomResizedCrop(24, 20, area, new Range(3.0 / 4, 4.0 / 3), Interpolation.BILINEAR);
  }

  private final Image image = TestImages.noisy(20, 24, 3, 1);

  @ParameterizedTest
  @ValueSource(strings = {"crop", "shift", "flip", "jitter", "hue", "trivial", "rand", "erase"})
  void changesSomethingRepeatsWithItsSeedAndKeepsTheSize(String name) {
    Augmentation augmentation = ALL.get(name);
    Image before = new Image(20, 24, 3, image.pixels().clone());
    int changed = 0;
    Image last = image;
    int moved = 0;
    for (int seed = 0; seed < 40; seed++) {
      Image first = augmentation.apply(image, new SplittableRandom(seed));
      assertEquals(first, augmentation.apply(image, new SplittableRandom(seed)));
      assertEquals("20 x 24 RGB", first.toString());
      changed += first.equals(image) ? 0 : 1;
      moved += first.equals(last) ? 0 : 1;
      last = first;
    }
    assertTrue(changed >= 10, changed + " of 40 changed");
    assertTrue(moved >= 10, moved + " of 40 differ from the one before");
    assertEquals(before, image, "the image given stays as it is");
  }

  @Test
  void zeroStrengthChangesNothing() {
    SplittableRandom random = new SplittableRandom(1);
    assertSame(image, new RandomFlip(0).apply(image, random));
    assertEquals(image, new RandomShift(0).apply(image, random));
    assertSame(image, new ColorJitter(0, 0, 0, 0).apply(image, random));
    assertSame(image, new RandAugment(0, 9).apply(image, random));
    assertSame(image, RandomErasing.usual(0, List.of(0, 0, 0)).apply(image, random));
    assertNotEquals(image, new RandomFlip(1).apply(image, random));
  }

  @Test
  void aCropOfTheWholeIsTheWhole() {
    Augmentation whole =
        new RandomResizedCrop(
            24, 20, new Range(1, 1), new Range(20.0 / 24, 20.0 / 24), Interpolation.BILINEAR);
    assertEquals(image, whole.apply(image, new SplittableRandom(1)));
  }

  @Test
  void aShapeThatFitsNowhereTakesTheMiddle() {
    Image line = TestImages.noisy(40, 1, 3, 1);
    Image part = crop(new Range(0.9, 1)).apply(line, new SplittableRandom(1));
    assertEquals("20 x 24 RGB", part.toString());
  }

  @Test
  void erasingCoversAPartOfTheRightSize() {
    Image white = Image.filled(100, 100, 255, 255, 255);
    Augmentation erasing =
        new RandomErasing(1, new Range(0.1, 0.2), new Range(0.5, 2), List.of(7, 8, 9));
    Image erased = erasing.apply(white, new SplittableRandom(5));
    int covered = 0;
    for (int i = 0; i < erased.pixels().length; i += 3) {
      if (erased.pixels()[i] == 7) {
        assertEquals(9, erased.pixels()[i + 2]);
        covered++;
      }
    }
    assertTrue(covered > 900 && covered < 2100, covered + " of 10000 pixels");
    assertThrows(
        IllegalArgumentException.class,
        () -> erasing.apply(white.toGray(), new SplittableRandom(5)));
  }

  @ParameterizedTest
  @EnumSource
  void levelZeroOfEveryOperationIsNothingAndTheHighestIsSomething(Operation operation) {
    Operation.Strength strength = new Operation.Strength(0.9, 5, 0, 60, 0.9, 6);
    Image dull = dev.graft.vision.image.ColorAdjust.contrast(image, 0.5);
    boolean always = List.of(Operation.AUTOCONTRAST, Operation.EQUALIZE).contains(operation);
    boolean never = operation == Operation.IDENTITY;
    Image none = operation.apply(dull, 0, strength, new SplittableRandom(1));
    assertEquals(!always, none.equals(dull));
    Image full = operation.apply(dull, Operation.LEVELS - 1, strength, new SplittableRandom(1));
    assertEquals(never, full.equals(dull));
  }

  @ParameterizedTest
  @EnumSource
  void operationsTakeGrayToo(Operation operation) {
    Operation.Strength strength = new Operation.Strength(0.9, 5, 0, 60, 0.9, 6);
    Image gray = image.toGray();
    Image changed = operation.apply(gray, 20, strength, new SplittableRandom(1));
    assertEquals(gray.toString(), changed.toString());
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RandomFlip(1.1));
    assertThrows(IllegalArgumentException.class, () -> new RandomShift(-1));
    assertThrows(IllegalArgumentException.class, () -> new ColorJitter(0, 0, 0, 0.6));
    assertThrows(IllegalArgumentException.class, () -> new RandAugment(2, 31));
    assertThrows(IllegalArgumentException.class, () -> crop(new Range(0, 1)));
    assertThrows(IllegalArgumentException.class, () -> new Range(2, 1));
  }
}
