package dev.graft.vision.preprocessing;

import dev.graft.vision.preprocessing.ImagePreprocessing.Exact;
import dev.graft.vision.preprocessing.ImagePreprocessing.ShortestEdge;
import dev.graft.vision.preprocessing.ImagePreprocessing.Target;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes an {@link ImagePreprocessing} with the keys that {@link SettingsReader} reads. */
final class SettingsWriter {

  private SettingsWriter() {}

  static Map<String, Object> write(ImagePreprocessing value) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("do_resize", value.resize().isPresent());
    value.resize().ifPresent(target -> settings.put("size", size(target)));
    settings.put("resample", value.interpolation().toString());
    settings.put("do_center_crop", value.crop().isPresent());
    value.crop().ifPresent(crop -> settings.put("crop_size", size(crop)));
    settings.put("do_rescale", true);
    settings.put("rescale_factor", value.rescale());
    settings.put("do_normalize", true);
    settings.put("image_mean", value.mean());
    settings.put("image_std", value.std());
    settings.put("channel_order", value.order().name());
    return settings;
  }

  private static Map<String, Object> size(Target target) {
    if (target instanceof ShortestEdge edge) {
      return Map.of("shortest_edge", edge.length());
    }
    Exact exact = (Exact) target;
    Map<String, Object> size = new LinkedHashMap<>();
    size.put("height", exact.height());
    size.put("width", exact.width());
    return size;
  }
}
