package dev.graft.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the publisher of a base model says about it, as far as it was found beside the weights.
 *
 * @param name the folder's name
 * @param licence the licence by name or in its first words; empty where nothing says
 * @param source where the weights come from; empty where nothing says
 * @param labels the classes of its outputs in order; empty where nothing says
 * @param preprocessing how inputs were prepared, as {@code preprocessor_config.json} tells it, for
 *     the plugin of the modality to interpret: input size, mean, standard deviation, interpolation,
 *     channel order; empty where nothing says
 */
public record WeightCard(
    String name,
    String licence,
    String source,
    List<String> labels,
    Map<String, Object> preprocessing) {

  public WeightCard {
    labels = List.copyOf(labels);
    preprocessing = Collections.unmodifiableMap(new LinkedHashMap<>(preprocessing));
  }
}
