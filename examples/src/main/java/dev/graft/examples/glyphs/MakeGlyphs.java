package dev.graft.examples.glyphs;

import dev.graft.examples.glyphs.GlyphSet.GlyphClass;
import dev.graft.examples.glyphs.GlyphSet.Part;
import java.awt.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * Makes the demo's two data sets from the fonts of this machine.
 *
 * <p>Usage: {@code MakeGlyphs FONTS.tsv FONT_ROOT OUT SEED}. The list names files below the font
 * root ({@code /usr/share/fonts} on Debian) and fixes which part of the data each may appear in.
 * All of them must be there: a missing font would quietly change every picture after it. The same
 * seed, fonts and Java version give the same bytes.
 */
public final class MakeGlyphs {
  private final List<GlyphFont> fonts;
  private final Path fontRoot;
  private final long seed;

  private MakeGlyphs(List<GlyphFont> fonts, Path fontRoot, long seed) {
    this.fonts = fonts;
    this.fontRoot = fontRoot;
    this.seed = seed;
  }

  /** Writes {@code OUT/glyphs-source} and {@code OUT/glyphs-target}. */
  public static void main(String[] args) throws IOException {
    if (args.length != 4) {
      throw new IllegalArgumentException(
          "Got %d arguments; usage: MakeGlyphs FONTS.tsv FONT_ROOT OUT SEED"
              .formatted(args.length));
    }
    MakeGlyphs maker =
        new MakeGlyphs(
            GlyphFont.readList(Path.of(args[0])), Path.of(args[1]), Long.parseLong(args[3]));
    maker.write(GlyphSet.source(), Path.of(args[2]));
    maker.write(GlyphSet.target(), Path.of(args[2]));
  }

  private void write(GlyphSet set, Path out) throws IOException {
    Path folder = Files.createDirectories(out.resolve(set.folder()));
    List<String> names = set.classes().stream().map(GlyphClass::name).toList();
    Files.writeString(
        folder.resolve("classes.txt"), String.join("\n", names) + "\n", StandardCharsets.UTF_8);
    Map<ByteBuffer, String> seen = new HashMap<>();
    for (Part part : set.parts()) {
      List<byte[]> images = new ArrayList<>();
      List<Integer> labels = new ArrayList<>();
      Map<String, List<Map<Character, Shape>>> families = load(set, part);
      for (int label = 0; label < names.size(); label++) {
        images.addAll(render(set.classes().get(label), part, families));
        labels.addAll(Collections.nCopies(part.perClass(), label));
      }
      images.forEach(image -> requireNew(image, part.name(), seen));
      IdxWriter.images(
          folder.resolve(part.name() + "-images-idx3-ubyte.gz"),
          images,
          GlyphImage.SIZE,
          GlyphImage.SIZE);
      IdxWriter.labels(folder.resolve(part.name() + "-labels-idx1-ubyte.gz"), labels);
      System.out.printf(
          "%s %s: %d images, %d classes, %d families%n",
          set.folder(), part.name(), images.size(), names.size(), families.size());
    }
  }

  /** The outlines of every face of a part, by family. */
  private Map<String, List<Map<Character, Shape>>> load(GlyphSet set, Part part)
      throws IOException {
    List<Character> characters = set.classes().stream().map(GlyphClass::character).toList();
    Map<String, List<Map<Character, Shape>>> families = new LinkedHashMap<>();
    for (GlyphFont font : fonts) {
      if (!font.part().equals(part.fonts())) {
        continue;
      }
      Path file = fontRoot.resolve(font.file());
      if (!Files.isRegularFile(file)) {
        throw new IOException(
            "Font %s is missing; install the Debian package %s"
                .formatted(file, font.debianPackage()));
      }
      Optional<Map<Character, Shape>> outlines = GlyphRenderer.outlines(file, characters);
      if (outlines.isEmpty()) {
        throw new IOException(
            "Font %s lacks a character of %s; take it off the list".formatted(file, set.folder()));
      }
      families.computeIfAbsent(font.family(), f -> new ArrayList<>()).add(outlines.get());
    }
    if (families.isEmpty()) {
      throw new IllegalArgumentException("The list has no font for the part " + part.fonts());
    }
    return families;
  }

  /** All images of one class, families in turn so that a family with many faces weighs no more. */
  private List<byte[]> render(
      GlyphClass glyph, Part part, Map<String, List<Map<Character, Shape>>> families) {
    Random random = new Random(Objects.hash(seed, part.fonts(), glyph.name()));
    List<String> order = new ArrayList<>(families.keySet());
    Collections.shuffle(order, random);
    Map<String, Integer> next = new HashMap<>();
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < part.perClass(); i++) {
      String family = order.get(i % order.size());
      List<Map<Character, Shape>> faces = families.get(family);
      int face = next.merge(family, 1, Integer::sum) - 1 + order.indexOf(family);
      Shape outline = faces.get(face % faces.size()).get(glyph.character());
      images.add(new Distortion(random).apply(outline));
    }
    return images;
  }

  private static void requireNew(byte[] image, String part, Map<ByteBuffer, String> seen) {
    String before = seen.putIfAbsent(ByteBuffer.wrap(image), part);
    if (before != null) {
      throw new IllegalStateException(
          "The same image was drawn for %s and %s; use another seed".formatted(before, part));
    }
  }
}
