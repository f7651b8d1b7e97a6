package dev.graft.text.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.text.preprocessing.TextModality;
import dev.graft.text.preprocessing.Texts;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Marian spells a text with the pieces of one language and its target with those of the other. */
class TargetPiecesTest {

  private static final Map<String, byte[]> FILES =
      Map.of(
          "source.spm", PieceModel.of("<unk>", "<s>", "</s>", "▁film", "▁g", "ut"),
          "target.spm", PieceModel.of("<unk>", "<s>", "</s>", "▁film", "▁gut"),
          "vocab.json",
              "{\"</s>\": 0, \"<unk>\": 1, \"▁film\": 2, \"▁g\": 3, \"ut\": 4, \"▁gut\": 5, \"<pad>\": 6}"
                  .getBytes(UTF_8));

  private static Preprocessing of(Map<String, byte[]> files, Map<String, Object> settings)
      throws IOException {
    return new TextModality().preprocessing(settings, name -> Optional.ofNullable(files.get(name)));
  }

  private static void isSpelled(Preprocessing texts) {
    Example raw = Texts.withTarget(Texts.example("x", "gut film", Optional.empty()), "gut film");
    Example encoded = texts.evalTransform().apply(raw);
    assertArrayEquals(new long[] {3, 4, 2, 0}, encoded.get("input_ids").toLongs());
    assertArrayEquals(new long[] {5, 2, 0}, encoded.get("labels").toLongs());
  }

  @Test
  void targetsHaveThePiecesOfTheirLanguage() throws IOException {
    try (Preprocessing texts = of(FILES, Map.of());
        Preprocessing bundled = of(texts.files(), texts.settings())) {
      isSpelled(texts);
      isSpelled(bundled);
      assertEquals(texts.settings(), bundled.settings());
      assertTrue(texts.settings().containsKey("target_tokenizer_sha256"));
    }
  }

  @Test
  void aFolderWithoutThemIsRefused() {
    Map<String, byte[]> files = new HashMap<>(FILES);
    files.remove("target.spm");
    String message = assertThrows(IOException.class, () -> of(files, Map.of())).getMessage();
    assertTrue(message.contains("no target.spm"), message);
  }
}
