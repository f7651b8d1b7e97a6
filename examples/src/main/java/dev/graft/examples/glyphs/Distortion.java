package dev.graft.examples.glyphs;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.FlatteningPathIterator;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.util.random.RandomGenerator;

/**
 * Turns a clean outline into a hard picture of it: one grey image, {@code SIZE * SIZE} bytes.
 *
 * <p>In order: an affine map (size, aspect, shear, rotation, place), a smooth bend of the outline,
 * thicker strokes, ink on uneven paper (either may be the darker one), stray lines, blur, pixel
 * noise. Each picture draws all of it anew, so that the pixels of two pictures of a class agree in
 * little more than the topology of the strokes; that is what a network has to have learnt.
 */
final class Distortion {
  private static final double MIDDLE = GlyphImage.SIZE / 2.0;

  private final RandomGenerator random;

  /** Draws from the given generator; the same state gives the same picture. */
  Distortion(RandomGenerator random) {
    this.random = random;
  }

  /** A distorted picture of the outline, which may have any size and place. */
  byte[] apply(Shape outline) {
    Shape glyph = thicken(bend(place(outline)));
    float[] ink = GlyphImage.coverage(glyph);
    float[] picture = paint(ink);
    for (int strays = random.nextInt(3); strays > 0; strays--) {
      strayLine(picture);
    }
    picture = GlyphImage.blur(picture, uniform(0.3, 1.0));
    double noise = uniform(0, 10);
    for (int i = 0; i < picture.length; i++) {
      picture[i] += (float) (noise * random.nextGaussian());
    }
    return GlyphImage.quantise(picture);
  }

  private Shape place(Shape outline) {
    Rectangle2D bounds = outline.getBounds2D();
    double size = uniform(15, 24) / Math.max(bounds.getWidth(), bounds.getHeight());
    double aspect = uniform(0.8, 1.25);
    AffineTransform map = new AffineTransform();
    map.translate(MIDDLE + uniform(-3, 3), MIDDLE + uniform(-3, 3));
    map.rotate(Math.toRadians(uniform(-22, 22)));
    map.shear(uniform(-0.35, 0.35), uniform(-0.1, 0.1));
    map.scale(size * Math.sqrt(aspect), size / Math.sqrt(aspect));
    map.translate(-bounds.getCenterX(), -bounds.getCenterY());
    return map.createTransformedShape(outline);
  }

  /** Moves every point of the outline by a smooth random field, about a pixel. */
  private Shape bend(Shape shape) {
    SmoothField dx = new SmoothField(4, random);
    SmoothField dy = new SmoothField(4, random);
    double strength = uniform(0.3, 1.2);
    Path2D bent = new Path2D.Double();
    double[] p = new double[6];
    PathIterator points =
        new FlatteningPathIterator(shape.getPathIterator(null), 0.05); // 0.05 pixels
    bent.setWindingRule(points.getWindingRule());
    for (; !points.isDone(); points.next()) {
      int kind = points.currentSegment(p);
      double x = p[0] + strength * dx.at(p[0], p[1]);
      double y = p[1] + strength * dy.at(p[0], p[1]);
      switch (kind) {
        case PathIterator.SEG_MOVETO -> bent.moveTo(x, y);
        case PathIterator.SEG_LINETO -> bent.lineTo(x, y);
        default -> bent.closePath();
      }
    }
    return bent;
  }

  private Shape thicken(Shape shape) {
    double width = uniform(-0.6, 1.2);
    if (width <= 0) {
      return shape;
    }
    Path2D both = new Path2D.Double(Path2D.WIND_NON_ZERO);
    both.append(shape, false);
    both.append(new BasicStroke((float) width).createStrokedShape(shape), false);
    return both;
  }

  private float[] paint(float[] ink) {
    double paper = uniform(0, 255);
    double contrast = uniform(90, 160);
    boolean darker = paper > 255 - contrast || (paper >= contrast && random.nextBoolean());
    double pen = darker ? paper - contrast : paper + contrast;
    double angle = uniform(0, 2 * Math.PI);
    double slope = uniform(0, 60) / GlyphImage.SIZE;
    SmoothField texture = new SmoothField(3 + random.nextInt(8), random);
    double roughness = uniform(0, 20);
    float[] picture = new float[ink.length];
    for (int i = 0; i < picture.length; i++) {
      int x = i % GlyphImage.SIZE;
      int y = i / GlyphImage.SIZE;
      double light = slope * (Math.cos(angle) * (x - MIDDLE) + Math.sin(angle) * (y - MIDDLE));
      double ground = paper + light + roughness * texture.at(x, y);
      picture[i] = (float) (ground * (1 - ink[i]) + (pen + light) * ink[i]);
    }
    return picture;
  }

  private void strayLine(float[] picture) {
    Line2D line =
        new Line2D.Double(
            uniform(0, GlyphImage.SIZE), uniform(0, GlyphImage.SIZE),
            uniform(0, GlyphImage.SIZE), uniform(0, GlyphImage.SIZE));
    Shape stroke = new BasicStroke((float) uniform(0.5, 1.4)).createStrokedShape(line);
    float[] covered = GlyphImage.coverage(stroke);
    double grey = uniform(0, 255);
    for (int i = 0; i < picture.length; i++) {
      picture[i] += (float) (covered[i] * (grey - picture[i]));
    }
  }

  private double uniform(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }
}
