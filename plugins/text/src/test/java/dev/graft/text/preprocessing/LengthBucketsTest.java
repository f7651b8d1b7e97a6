package dev.graft.text.preprocessing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.data.Preprocessing;
import dev.graft.data.SideFiles;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthBucketsTest {

  private static final SideFiles FILES =
      name ->
          name.equals("vocab.txt")
              ? Optional.of("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nfilm".getBytes(UTF_8))
              : Optional.empty();

  /** Two tokens stand around the words. */
  @ParameterizedTest
  @CsvSource({"1, 14", "15, 30", "31, 62", "63, 126"})
  void aBucketEndsAtAPowerOfTwo(int fewest, int most) throws IOException {
    try (Preprocessing texts = new TextModality().preprocessing(Map.of("max_length", 256), FILES)) {
      assertEquals(bucket(texts, fewest), bucket(texts, most));
      assertEquals(bucket(texts, most) + 1, bucket(texts, most + 1));
    }
  }

  private static int bucket(Preprocessing texts, int words) {
    return texts.bucket(
        texts.evalTransform().apply(Texts.example("x", "film ".repeat(words), Optional.empty())));
  }
}
