package dev.graft.examples.glyphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.examples.glyphs.GlyphSet.GlyphClass;
import dev.graft.examples.glyphs.GlyphSet.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The data that is part of the source tree: what the generator's lists promise is in the files. */
class DemoDataTest {
  private static final Path DEMO = Path.of(System.getProperty("graft.root"), "examples", "demo");
  private static final long MOST_BYTES = 2_500_000;

  static List<GlyphSet> sets() {
    return List.of(GlyphSet.source(), GlyphSet.target());
  }

  @ParameterizedTest
  @MethodSource("sets")
  void classesAndCountsAreAsListed(GlyphSet set) throws IOException {
    Path folder = DEMO.resolve(set.folder());
    List<String> names = set.classes().stream().map(GlyphClass::name).toList();
    assertEquals(names, Files.readAllLines(folder.resolve("classes.txt")));
    for (Part part : set.parts()) {
      int images = names.size() * part.perClass();
      int[] shape = {images, GlyphImage.SIZE, GlyphImage.SIZE};
      assertArrayEquals(shape, file(folder, part, "images-idx3").shape());
      int[] counts = new int[names.size()];
      for (byte label : file(folder, part, "labels-idx1").values()) {
        counts[label]++;
      }
      int[] even = new int[names.size()];
      Arrays.fill(even, part.perClass());
      assertArrayEquals(even, counts);
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void noImageAppearsTwice(GlyphSet set) throws IOException {
    Map<ByteBuffer, String> seen = new HashMap<>();
    int size = GlyphImage.SIZE * GlyphImage.SIZE;
    for (Part part : set.parts()) {
      byte[] values = file(DEMO.resolve(set.folder()), part, "images-idx3").values();
      for (int i = 0; i < values.length; i += size) {
        ByteBuffer image = ByteBuffer.wrap(Arrays.copyOfRange(values, i, i + size));
        assertNull(seen.put(image, part.name()), part.name() + " repeats an image");
      }
    }
  }

  @Test
  void everyPartHasFontsAndNoFamilyIsInTwo() throws IOException {
    List<GlyphFont> fonts = GlyphFont.readList(DEMO.resolve("fonts.tsv"));
    Set<String> listed = new HashSet<>();
    fonts.forEach(font -> listed.add(font.part()));
    Set<String> asked = new HashSet<>();
    sets().forEach(set -> set.parts().forEach(part -> asked.add(part.fonts())));
    assertEquals(asked, listed);
  }

  @Test
  void theDataStaysSmall() throws IOException {
    try (Stream<Path> files = Files.walk(DEMO)) {
      long bytes =
          files.filter(f -> f.toString().endsWith(".gz")).mapToLong(f -> f.toFile().length()).sum();
      assertTrue(bytes > 0 && bytes <= MOST_BYTES, bytes + " bytes of data");
    }
  }

  private static IdxFile file(Path folder, Part part, String kind) throws IOException {
    return IdxFile.read(folder.resolve(part.name() + "-" + kind + "-ubyte.gz"));
  }
}
