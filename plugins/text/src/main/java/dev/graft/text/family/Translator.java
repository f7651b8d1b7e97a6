package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What families with an encoder and a decoder have in common. */
abstract class Translator extends TextFamily {

  /** Both halves publish under names of their own. */
  @Override
  String root() {
    return "";
  }

  /** Places blocks under {@code prefix} and their number. */
  static Map<String, Child> blocks(
      TranslatingNetwork network, String prefix, List<? extends Layer> blocks) {
    Map<String, Child> placed = new LinkedHashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      placed.put(prefix + i, network.place(prefix + i, blocks.get(i)));
    }
    return placed;
  }
}
