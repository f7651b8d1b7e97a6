package dev.graft.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a model comes from.
 *
 * @param name name of the pretrained model
 * @param family id of the family of its network
 * @param licence first line of its licence; empty where it has none with it
 * @param source where its weights were published; empty where nobody says
 * @param digest SHA-256 of its weights; empty where the run started from random weights
 * @param preprocessing how examples become its inputs, by name
 */
public record BaseCard(
    String name,
    String family,
    String licence,
    String source,
    String digest,
    Map<String, Object> preprocessing) {

  public BaseCard {
    preprocessing = Collections.unmodifiableMap(new LinkedHashMap<>(preprocessing));
  }
}
