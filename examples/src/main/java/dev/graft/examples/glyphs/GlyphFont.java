package dev.graft.examples.glyphs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One font file and the part of the data it may appear in.
 *
 * <p>A family stands for a <em>design</em>, not for a name: fonts that derive from each other
 * (Liberation and STIX, Noto Sans and Open Sans) count as one family, because a split by file would
 * put nearly the same picture into training and test.
 *
 * @param part the part of the data, as {@code source-train} or {@code target-test}
 * @param family the design this file belongs to
 * @param debianPackage the Debian package that installs the file
 * @param licence short name of the font's licence
 * @param file path below the system's font folder
 */
public record GlyphFont(
    String part, String family, String debianPackage, String licence, Path file) {

  private static final int COLUMNS = 5;

  /**
   * Reads a list of fonts: UTF-8, tab-separated, one header line, columns {@code part family
   * package licence file}.
   *
   * @throws IOException if the list is unreadable
   * @throws IllegalArgumentException if a line has another number of columns, or a family appears
   *     in two parts
   */
  public static List<GlyphFont> readList(Path list) throws IOException {
    List<GlyphFont> fonts = new ArrayList<>();
    List<String> lines = Files.readAllLines(list);
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split("\t", -1);
      if (cells.length != COLUMNS) {
        throw new IllegalArgumentException(
            "%s line %d has %d columns; expected %d: part, family, package, licence, file"
                .formatted(list, i + 1, cells.length, COLUMNS));
      }
      fonts.add(new GlyphFont(cells[0], cells[1], cells[2], cells[3], Path.of(cells[4])));
    }
    requireDisjointFamilies(fonts);
    return List.copyOf(fonts);
  }

  private static void requireDisjointFamilies(List<GlyphFont> fonts) {
    Map<String, String> partOf = new HashMap<>();
    for (GlyphFont font : fonts) {
      String first = partOf.putIfAbsent(font.family(), font.part());
      if (first != null && !first.equals(font.part())) {
        throw new IllegalArgumentException(
            "Family '%s' is in the parts %s and %s; keep each family in one part"
                .formatted(font.family(), first, font.part()));
      }
    }
  }
}
