package dev.graft.vision.preprocessing;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.spi.About;
import dev.graft.spi.Modality;
import dev.graft.vision.image.Image;
import dev.graft.vision.image.ImageDecoder;
import dev.graft.vision.image.ImageEncoder;
import dev.graft.vision.image.Interpolation;
import dev.graft.vision.image.Resize;
import java.lang.System.Logger.Level;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Images as the input of a model: examples hold one value, (H, W, C) UINT8, RGB or grey. */
public final class ImageModality implements Modality {

  /** Id of this modality. */
  public static final String ID = "image";

  /** Name of the image in an example. */
  public static final String VALUE = "image";

  /** Longest side of a rendering, in pixels. */
  static final int THUMBNAIL = 128;

  /** Longest side of an image that is rendered without loss, in pixels. */
  private static final int EXACT = 64;

  private static final System.Logger LOG = System.getLogger(ImageModality.class.getName());

  @Override
  public About about() {
    return new About(
        ID,
        "Images: JPEG, PNG, GIF and BMP; preprocessing as in preprocessor_config.json",
        "Pillow's resampling; Hugging Face image processors");
  }

  @Override
  public Preprocessing preprocessing(Map<String, Object> settings) {
    ImagePreprocessing.Parsed parsed = ImagePreprocessing.read(settings);
    if (!parsed.ignored().isEmpty()) {
      LOG.log(Level.INFO, "image preprocessing ignores the keys {0}", parsed.ignored());
    }
    return parsed.preprocessing();
  }

  @Override
  public Example decode(String id, byte[] content) throws CorruptExampleException {
    return example(id, ImageDecoder.DEFAULT.decode(content, id));
  }

  /** An example that holds an image. */
  public static Example example(String id, Image image) {
    return Example.of(id, VALUE, image.toHost());
  }

  /**
   * The image as an element with its content inside, shrunk to at most {@value #THUMBNAIL} pixels
   * on its longer side. Small images such as digits keep every pixel's value.
   */
  @Override
  public Optional<String> html(Example example) {
    Image image = thumbnail(Image.of(example.get(VALUE)));
    boolean small = Math.max(image.width(), image.height()) <= EXACT;
    byte[] content = small ? ImageEncoder.png(image) : ImageEncoder.jpeg(image);
    return Optional.of(
        "<img width=\"%d\" height=\"%d\" alt=\"\" src=\"data:image/%s;base64,%s\">"
            .formatted(
                image.width(),
                image.height(),
                small ? "png" : "jpeg",
                Base64.getEncoder().encodeToString(content)));
  }

  private static Image thumbnail(Image image) {
    int longer = Math.max(image.width(), image.height());
    if (longer <= THUMBNAIL) {
      return image;
    }
    return Resize.to(
        image,
        Math.max(1, image.width() * THUMBNAIL / longer),
        Math.max(1, image.height() * THUMBNAIL / longer),
        Interpolation.BICUBIC);
  }
}
