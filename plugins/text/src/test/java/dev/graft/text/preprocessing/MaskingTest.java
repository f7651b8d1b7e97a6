package dev.graft.text.preprocessing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.text.token.Tokens;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MaskingTest {

  private static final long MASK = 4;
  private static final Masking MASKING = new Masking(MASK, 1000);

  /** A special token, then words whose ids are 5, and a special token. */
  private static Tokens text(int words) {
    long[] ids = new long[words + 2];
    int[] sides = new int[ids.length];
    Arrays.fill(ids, 5);
    sides[0] = -1;
    sides[ids.length - 1] = -1;
    int[] none = new int[ids.length];
    List<String> texts = Collections.nCopies(ids.length, "x");
    return new Tokens(ids, new long[ids.length], sides, none, none, none, texts);
  }

  @Test
  void sharesAreThoseOfThePaper() {
    int words = 200_000;
    Masking.Hidden hidden = MASKING.hide(text(words), new SplittableRandom(1));
    int labelled = 0;
    int masked = 0;
    int kept = 0;
    for (int i = 0; i < hidden.ids().length; i++) {
      if (hidden.labels()[i] >= 0) {
        assertEquals(5, hidden.labels()[i]);
        labelled++;
        masked += hidden.ids()[i] == MASK ? 1 : 0;
        kept += hidden.ids()[i] == 5 ? 1 : 0;
      } else {
        assertEquals(5, hidden.ids()[i], "what is not asked for stays");
      }
    }
    assertEquals(0.15, (double) labelled / words, 0.005);
    assertEquals(0.8, (double) masked / labelled, 0.01);
    assertEquals(0.1, (double) kept / labelled, 0.01);
    assertTrue(hidden.labels()[0] < 0 && hidden.labels()[words + 1] < 0, "special ones stay");
  }

  @Test
  void aShortTextHidesOneWord() {
    for (int seed = 0; seed < 50; seed++) {
      Masking.Hidden hidden = MASKING.hide(text(2), new SplittableRandom(seed));
      assertTrue(Arrays.stream(hidden.labels()).anyMatch(label -> label == 5));
    }
    Masking.Hidden nothing = MASKING.hide(text(0), new SplittableRandom(1));
    assertTrue(Arrays.stream(nothing.labels()).allMatch(label -> label < 0));
  }

  @Test
  void theGeneratorDecides() {
    Masking.Hidden one = MASKING.hide(text(50), new SplittableRandom(1));
    assertArrayEquals(one.ids(), MASKING.hide(text(50), new SplittableRandom(1)).ids());
    Masking.Hidden other = MASKING.hide(text(50), new SplittableRandom(2));
    assertNotEquals(Arrays.toString(one.labels()), Arrays.toString(other.labels()));
  }
}
