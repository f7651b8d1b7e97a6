package dev.graft.vision.preprocessing;

import dev.graft.vision.image.Interpolation;
import dev.graft.vision.preprocessing.ImagePreprocessing.ChannelOrder;
import dev.graft.vision.preprocessing.ImagePreprocessing.Exact;
import dev.graft.vision.preprocessing.ImagePreprocessing.Parsed;
import dev.graft.vision.preprocessing.ImagePreprocessing.ShortestEdge;
import dev.graft.vision.preprocessing.ImagePreprocessing.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Makes an {@link ImagePreprocessing} of the keys that {@link ImagePreprocessing#read} lists. */
final class SettingsReader {

  private static final Set<String> KNOWN =
      Set.of(
          "size",
          "crop_size",
          "crop_pct",
          "resample",
          "do_resize",
          "do_center_crop",
          "do_rescale",
          "rescale_factor",
          "do_normalize",
          "image_mean",
          "image_std",
          "channel_order",
          "input_size");

  private static final int SQUARE_FROM = 384;

  private final Map<String, ?> settings;

  private SettingsReader(Map<String, ?> settings) {
    this.settings = settings;
  }

  static Parsed read(Map<String, ?> settings) {
    List<String> ignored = new ArrayList<>(settings.keySet());
    ignored.removeAll(KNOWN);
    if (ignored.size() == settings.size()) {
      throw new IllegalArgumentException(
          "no key of an image preprocessing among %s; known are %s"
              .formatted(ignored, new TreeSet<>(KNOWN)));
    }
    SettingsReader reader = new SettingsReader(settings);
    if (!reader.has("input_size")) {
      return new Parsed(reader.read(), ignored);
    }
    if (!(settings.get("input_size") instanceof Integer side)) {
      throw reader.wrong("input_size", "a whole number of pixels");
    }
    if (reader.has("size") || reader.has("crop_size")) {
      return new Parsed(reader.read().withSize(side), ignored);
    }
    Map<String, Object> sized = new LinkedHashMap<>(settings);
    sized.put("size", side);
    sized.put("do_center_crop", true);
    return new Parsed(new SettingsReader(sized).read(), ignored);
  }

  private ImagePreprocessing read() {
    boolean crops = flag("do_center_crop", has("crop_size"));
    Optional<Target> resize =
        flag("do_resize", has("size")) ? Optional.of(target("size", crops)) : Optional.empty();
    Optional<Exact> crop = crops ? Optional.of(cropSize()) : Optional.empty();
    if (has("crop_pct") && !crops && resize.orElse(null) instanceof ShortestEdge edge) {
      double share = number("crop_pct");
      if (!(share > 0 && share <= 1)) {
        throw wrong("crop_pct", "a number above 0 and up to 1");
      }
      Exact square = new Exact(edge.length(), edge.length());
      boolean whole = edge.length() >= SQUARE_FROM;
      crop = whole ? Optional.empty() : Optional.of(square);
      resize = Optional.of(whole ? square : new ShortestEdge((int) (edge.length() / share)));
    }
    boolean normalizes = flag("do_normalize", has("image_mean"));
    List<Double> mean = normalizes ? numbers("image_mean") : Collections.nCopies(3, 0.0);
    List<Double> std = normalizes ? numbers("image_std") : Collections.nCopies(3, 1.0);
    return new ImagePreprocessing(resize, interpolation(), crop, rescale(), mean, std, order());
  }

  private Exact cropSize() {
    String key = has("crop_size") ? "crop_size" : "size";
    if (target(key, false) instanceof Exact exact) {
      return exact;
    }
    throw wrong(key, "a number or an object with height and width, as a crop needs");
  }

  private Target target(String key, boolean numberIsEdge) {
    Object value = settings.get(key);
    if (value instanceof Integer side) {
      return numberIsEdge ? new ShortestEdge(side) : new Exact(side, side);
    }
    if (value instanceof Map<?, ?> size) {
      if (size.get("height") instanceof Integer height
          && size.get("width") instanceof Integer width) {
        return new Exact(height, width);
      }
      if (size.get("shortest_edge") instanceof Integer length) {
        return new ShortestEdge(length);
      }
    }
    throw wrong(key, "a number, an object with height and width, or one with shortest_edge");
  }

  private Interpolation interpolation() {
    if (!has("resample")) {
      return Interpolation.BILINEAR;
    }
    Object value = settings.get("resample");
    if (value instanceof Integer code) {
      return Interpolation.of(code);
    }
    if (value instanceof String name) {
      return Interpolation.of(name);
    }
    throw wrong("resample", "a name or Pillow's number");
  }

  private double rescale() {
    if (!flag("do_rescale", true)) {
      return 1;
    }
    return has("rescale_factor") ? number("rescale_factor") : 1 / 255.0;
  }

  private ChannelOrder order() {
    if (!has("channel_order")) {
      return ChannelOrder.RGB;
    }
    return Arrays.stream(ChannelOrder.values())
        .filter(order -> order.name().equals(settings.get("channel_order")))
        .findFirst()
        .orElseThrow(() -> wrong("channel_order", "'RGB' or 'BGR'"));
  }

  private boolean has(String key) {
    return settings.get(key) != null;
  }

  private boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (settings.get(key) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "true or false");
  }

  private double number(String key) {
    if (settings.get(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(key, "a number");
  }

  private List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    if (settings.get(key) instanceof List<?> list) {
      for (Object value : list) {
        if (!(value instanceof Number number)) {
          throw wrong(key, "a list of numbers");
        }
        numbers.add(number.doubleValue());
      }
    }
    if (numbers.isEmpty()) {
      throw wrong(key, "a list of numbers, one per channel");
    }
    return numbers;
  }

  private IllegalArgumentException wrong(String key, String expected) {
    String found = settings.containsKey(key) ? "is " + settings.get(key) : "is missing";
    return new IllegalArgumentException(
        "image preprocessing: '%s' %s; expected %s".formatted(key, found, expected));
  }
}
