package dev.graft.examples.glyphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlyphFontTest {
  private static final String HEADER = "part\tfamily\tpackage\tlicence\tfile\n";

  @TempDir Path folder;

  @Test
  void readsEachLine() throws IOException {
    List<GlyphFont> fonts =
        GlyphFont.readList(list("a-train\tHand\tfonts-hand\tOFL-1.1\tx/Hand One.ttf\n"));
    assertEquals(
        List.of(
            new GlyphFont("a-train", "Hand", "fonts-hand", "OFL-1.1", Path.of("x/Hand One.ttf"))),
        fonts);
  }

  @Test
  void refusesAFamilyInTwoParts() throws IOException {
    Path list = list("a-train\tHand\tp\tl\tHand.ttf\na-test\tHand\tp\tl\tHand-Bold.ttf\n");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> GlyphFont.readList(list));
    assertTrue(e.getMessage().contains("'Hand' is in the parts a-train and a-test"));
  }

  @Test
  void refusesALineWithAColumnMissing() throws IOException {
    Path list = list("a-train\tHand\tp\tHand.ttf\n");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> GlyphFont.readList(list));
    assertTrue(e.getMessage().contains("line 2 has 4 columns"));
  }

  private Path list(String lines) throws IOException {
    return Files.writeString(folder.resolve("fonts.tsv"), HEADER + lines);
  }
}
