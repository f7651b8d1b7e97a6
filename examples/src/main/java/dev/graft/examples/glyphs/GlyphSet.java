package dev.graft.examples.glyphs;

import java.util.List;

/**
 * What one generated data set holds: its classes and how many images each part has of each.
 *
 * @param folder name of the output folder
 * @param classes the classes; a label is an index into this list
 * @param parts the parts of the data
 */
public record GlyphSet(String folder, List<GlyphClass> classes, List<Part> parts) {

  /**
   * One class: a character under the name that {@code classes.txt} gives it.
   *
   * @param name the class name, ASCII
   * @param character the character to render
   */
  public record GlyphClass(String name, char character) {}

  /**
   * One part of a data set.
   *
   * @param name {@code train}, {@code val} or {@code test}: the prefix of its files
   * @param fonts the part of the font list that may be used
   * @param perClass images per class
   */
  public record Part(String name, String fonts, int perClass) {}

  /**
   * The set to pretrain on: Latin letters and digits, without those that another class resembles up
   * to size (lower-case c, o, s …) or in many fonts (0 and O; 1, I and l).
   */
  public static GlyphSet source() {
    String characters = "23456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt";
    List<GlyphClass> classes =
        characters.chars().mapToObj(c -> new GlyphClass(Character.toString(c), (char) c)).toList();
    return new GlyphSet(
        "glyphs-source",
        classes,
        List.of(
            new Part("train", "source-train", 100),
            new Part("val", "source-val", 8),
            new Part("test", "source-test", 8)));
  }

  /**
   * The set to transfer to: Greek letters that look like no Latin one, named as TeX names them, so
   * {@code Xi} is the capital and {@code xi} the small letter.
   */
  public static GlyphSet target() {
    return new GlyphSet(
        "glyphs-target",
        List.of(
            new GlyphClass("Gamma", 'Γ'),
            new GlyphClass("Delta", 'Δ'),
            new GlyphClass("Lambda", 'Λ'),
            new GlyphClass("Xi", 'Ξ'),
            new GlyphClass("Sigma", 'Σ'),
            new GlyphClass("Phi", 'Φ'),
            new GlyphClass("Psi", 'Ψ'),
            new GlyphClass("Omega", 'Ω'),
            new GlyphClass("delta", 'δ'),
            new GlyphClass("zeta", 'ζ'),
            new GlyphClass("theta", 'θ'),
            new GlyphClass("lambda", 'λ'),
            new GlyphClass("xi", 'ξ'),
            new GlyphClass("pi", 'π'),
            new GlyphClass("sigma", 'σ')),
        List.of(
            new Part("train", "target-train", 20),
            new Part("val", "target-val", 20),
            new Part("test", "target-test", 80)));
  }
}
