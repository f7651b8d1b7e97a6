package dev.graft.vision.preprocessing;

import dev.graft.data.EvalTransform;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.TensorInput;
import dev.graft.data.TrainTransform;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.vision.augment.Augmentation;
import dev.graft.vision.image.FloatImage;
import dev.graft.vision.image.Geometry;
import dev.graft.vision.image.Image;
import dev.graft.vision.image.Interpolation;
import dev.graft.vision.image.Resize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a network expects of its images: size, channels and the scaling of their values, in the
 * terms of a Hugging Face {@code preprocessor_config.json}.
 *
 * <p>The order is: resize, centre crop, grey or RGB or BGR, then {@code (v * rescale - mean) / std}
 * per channel. All but the last step work on bytes, see {@link #apply}; the last is {@code v *
 * scale + shift} and done natively for a whole batch.
 *
 * @param resize what to resize to before the crop; empty to leave the size
 * @param interpolation how to resize
 * @param crop middle part to keep; empty for all
 * @param rescale factor on bytes 0 … 255 before normalisation; 1 leaves them
 * @param mean per channel, in the network's channel order; one for grey, three for colour
 * @param std per channel, not 0
 * @param order channel order of the network's input
 */
public record ImagePreprocessing(
    Optional<Target> resize,
    Interpolation interpolation,
    Optional<Exact> crop,
    double rescale,
    List<Double> mean,
    List<Double> std,
    ChannelOrder order)
    implements Preprocessing {

  /** Sides up to this are those of thumbnails, in pixels. */
  private static final int SMALL = 64;

  /** What to resize to. */
  public sealed interface Target permits Exact, ShortestEdge {}

  /** This height and width in pixels, whatever the shape was. */
  public record Exact(int height, int width) implements Target {
    public Exact {
      requirePositive(height);
      requirePositive(width);
    }

    @Override
    public String toString() {
      return height + " x " + width;
    }
  }

  /** The shorter side in pixels; the shape stays. */
  public record ShortestEdge(int length) implements Target {
    public ShortestEdge {
      requirePositive(length);
    }
  }

  /** Order of the colour channels in the network's input. */
  public enum ChannelOrder {
    /** Red first: PyTorch, TensorFlow. */
    RGB,
    /** Blue first: Caffe. */
    BGR
  }

  /**
   * What reading a file gives.
   *
   * @param preprocessing what was understood
   * @param ignored keys in the file that were not, in their order
   */
  public record Parsed(ImagePreprocessing preprocessing, List<String> ignored) {
    public Parsed {
      ignored = List.copyOf(ignored);
    }
  }

  public ImagePreprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if ((mean.size() != 1 && mean.size() != 3) || std.size() != mean.size()) {
      throw new IllegalArgumentException(
          "%d means and %d standard deviations; 1 of each for grey, 3 for colour"
              .formatted(mean.size(), std.size()));
    }
    if (std.contains(0.0)) {
      throw new IllegalArgumentException("standard deviations %s; none may be 0".formatted(std));
    }
    if (crop.isEmpty() && !(resize.isPresent() && resize.get() instanceof Exact)) {
      throw new IllegalArgumentException(
          "images would come out in different sizes (resize: %s, crop: none); give a size with"
                  .formatted(resize.map(Object::toString).orElse("none"))
              + " height and width, or a crop");
    }
  }

  /**
   * Reads settings: a published {@code preprocessor_config.json} or what {@link #settings()} wrote.
   *
   * <p>{@code size} and {@code crop_size} are {@code {height, width}}, {@code {shortest_edge}} or
   * one number, which means a square, or the shorter side where a crop follows. {@code resample} is
   * a name or Pillow's number. A step whose {@code do_…} is absent is done where its value is
   * given; bytes are multiplied by {@code rescale_factor}, 1/255 by default, unless {@code
   * do_rescale} is false. {@code crop_pct} with a {@code shortest_edge} below 384 resizes to {@code
   * shortest_edge / crop_pct} and crops {@code shortest_edge}; from 384 on it resizes to the
   * square. {@code channel_order} is {@code RGB} or {@code BGR}. {@code input_size}, one number,
   * asks for another size than the file's.
   *
   * @throws IllegalArgumentException if a known key has a wrong type or value, or none is known
   */
  public static Parsed read(Map<String, ?> settings) {
    return SettingsReader.read(settings);
  }

  /** As a {@code preprocessor_config.json} has it; reading it gives an equal value. */
  @Override
  public Map<String, Object> settings() {
    return SettingsWriter.write(this);
  }

  @Override
  public String modality() {
    return ImageModality.ID;
  }

  @Override
  public EvalTransform evalTransform() {
    return example -> change(example, this::apply);
  }

  /** See {@link PixelTensors}. */
  @Override
  public List<TensorInput> tensorInputs() {
    return PixelTensors.inputs(channels());
  }

  @Override
  public Example ofTensors(String id, Map<String, HostTensor> row) {
    return PixelTensors.example(id, row);
  }

  /**
   * Steps joined by hyphens, in any order, for example {@code crop-flip-jitter}; {@code none} for
   * the deterministic path. See {@link Augmentations}.
   */
  @Override
  public TrainTransform trainTransform(String augmentation) {
    Augmentation steps = Augmentations.of(augmentation, this);
    return (example, random) -> change(example, image -> steps.apply(image, random));
  }

  @Override
  public Set<String> augmentations() {
    return Augmentations.STEPS;
  }

  /**
   * Crop and flip of coloured pictures, as networks of their size were trained with: small ones are
   * moved instead of cropped. Grey pictures are often characters or scans, which must not be
   * mirrored.
   */
  @Override
  public String usualAugmentation() {
    String place = Math.min(size().height(), size().width()) <= SMALL ? "shift" : "crop";
    return channels() == 1 ? place : place + "-flip";
  }

  /** The usual path, RandAugment, and a part covered: what FixMatch calls strong. */
  @Override
  public String strongAugmentation() {
    return usualAugmentation() + "-rand-erase";
  }

  private static Example change(Example example, UnaryOperator<Image> change) {
    Image image = Image.of(example.get(ImageModality.VALUE));
    return example.with(ImageModality.VALUE, change.apply(image).toHost());
  }

  /** Images of one size as {@code pixels} (N, C, H, W), normalised, channels last in memory. */
  @Override
  public NamedTensors collate(List<Example> examples) {
    return Batches.collate(examples, this);
  }

  /** Height and width of what {@link #apply} returns. */
  public Exact size() {
    return crop.orElseGet(() -> (Exact) resize.orElseThrow());
  }

  /** 1 or 3. */
  public int channels() {
    return mean.size();
  }

  /**
   * The same for another square input size, nothing squeezed: a crop keeps its share of the resized
   * image; without one the shorter side gets the size and the middle is cut out.
   */
  public ImagePreprocessing withSize(int side) {
    Exact size = new Exact(side, side);
    Optional<Target> target =
        crop.isEmpty()
            ? Optional.of(new ShortestEdge(side))
            : resize.map(t -> scaled(t, crop.get(), side));
    return new ImagePreprocessing(
        target, interpolation, Optional.of(size), rescale, mean, std, order);
  }

  private static Target scaled(Target target, Exact crop, int side) {
    if (target instanceof ShortestEdge edge) {
      int shorter = Math.min(crop.height(), crop.width());
      return new ShortestEdge(share(edge.length(), side, shorter));
    }
    Exact exact = (Exact) target;
    return new Exact(
        share(exact.height(), side, crop.height()), share(exact.width(), side, crop.width()));
  }

  private static int share(int length, int side, int crop) {
    return Math.toIntExact(Math.round((double) length * side / crop));
  }

  /** All steps on bytes: the image in the network's size, channels and channel order. */
  public Image apply(Image image) {
    return arrange(fit(image));
  }

  /** Resizes and crops; channels stay. */
  public Image fit(Image image) {
    Image resized = image;
    if (resize.isPresent()) {
      resized =
          resize.get() instanceof ShortestEdge edge
              ? Resize.shortestEdge(image, edge.length(), interpolation)
              : Resize.to(
                  image,
                  ((Exact) resize.get()).width(),
                  ((Exact) resize.get()).height(),
                  interpolation);
    }
    return crop.isEmpty()
        ? resized
        : Geometry.centerCrop(resized, crop.get().height(), crop.get().width());
  }

  /** Makes the channels those of the network, in its order; the size stays. */
  public Image arrange(Image image) {
    if (channels() == 1) {
      return image.toGray();
    }
    Image rgb = image.toRgb();
    if (order == ChannelOrder.RGB) {
      return rgb;
    }
    byte[] bgr = new byte[rgb.pixels().length];
    for (int i = 0; i < bgr.length; i += 3) {
      bgr[i] = rgb.pixels()[i + 2];
      bgr[i + 1] = rgb.pixels()[i + 1];
      bgr[i + 2] = rgb.pixels()[i];
    }
    return new Image(rgb.width(), rgb.height(), 3, bgr);
  }

  /** Per channel what bytes 0 … 255 are multiplied with: {@code rescale / std}. */
  public float[] scale() {
    float[] scale = new float[channels()];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = (float) (rescale / std.get(c));
    }
    return scale;
  }

  /** Per channel what is added afterwards: {@code -mean / std}. */
  public float[] shift() {
    float[] shift = new float[channels()];
    for (int c = 0; c < shift.length; c++) {
      shift[c] = (float) ((0 - mean.get(c)) / std.get(c));
    }
    return shift;
  }

  /** The network's input for an image that {@link #apply} returned: the reference in plain Java. */
  public FloatImage normalize(Image arranged) {
    float[] scale = scale();
    float[] shift = shift();
    int plane = arranged.width() * arranged.height();
    float[] values = new float[plane * scale.length];
    for (int c = 0; c < scale.length; c++) {
      for (int i = 0; i < plane; i++) {
        int v = arranged.pixels()[i * scale.length + c] & 0xFF;
        values[c * plane + i] = v * scale[c] + shift[c];
      }
    }
    return new FloatImage(scale.length, arranged.height(), arranged.width(), values);
  }

  private static void requirePositive(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("size %d; it must be at least 1".formatted(length));
    }
  }
}
