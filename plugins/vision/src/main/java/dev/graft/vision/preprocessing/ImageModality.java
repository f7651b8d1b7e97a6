package dev.graft.vision.preprocessing;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.spi.About;
import dev.graft.spi.Modality;
import dev.graft.vision.image.Image;
import dev.graft.vision.image.ImageDecoder;
import dev.graft.vision.image.ImageEncoder;
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

  /** The image as an element with its content inside, in its own size. */
  @Override
  public Optional<String> html(Example example) {
    Image image = Image.of(example.get(VALUE));
    String content = Base64.getEncoder().encodeToString(ImageEncoder.png(image));
    return Optional.of(
        "<img width=\"%d\" height=\"%d\" alt=\"\" src=\"data:image/png;base64,%s\">"
            .formatted(image.width(), image.height(), content));
  }
}
